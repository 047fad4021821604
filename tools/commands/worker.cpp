#include "tools/hosts/worker.hpp"
#include "sim/hosts.hpp"
#include "tools/options.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    {"join", "FILE|ADDRESS:PORT", "the run's rendezvous file, or where its host 0 listens"},
    {"rank", "N", "which host this is, from 1"},
    {"address", "ADDRESS", "where this host listens: an address, a network interface, or auto (default: 127.0.0.1)"},
    {"patience", "SECONDS", "how long it waits for host 0 (default: 600)"},
    {"token", "TEXT", "of ADDRESS:PORT: the run's transport.token"},
    {"scalar", "float32|float64", "of ADDRESS:PORT: what the run computes in (default: float32)"},
    {"ca", "FILE", "PEM of certificates of your own, as transport.ca; likewise the next three"},
    {"certificate", "FILE", ""},
    {"key", "FILE", ""},
    {"name", "NAME", ""},
    {"plain", "", "of ADDRESS:PORT: without encryption"},
};

constexpr std::string_view kDetails =
    "Joins a run as one of its processes: it is told the config, reads the same data, and runs its share of the\n"
    "vertices until the run is over. settle launch, srun and mpirun start workers by themselves; by hand:\n\n"
    "  settle run configs/fashion_mlp.ini --run.hosts=2 --transport.address=auto\n"
    "  settle worker --join runs/fashion_mlp/rendezvous.json --rank 1 --address auto     (on another machine)\n\n"
    "The rendezvous file holds the run's private key: copy it to machines without a shared file system by scp only.\n"
    "Exit codes: 0 the run is over, 69 host 0 is gone or never came, 77 not authorised; else what this host failed "
    "of.\n";

int run(const Arguments& arguments) {
  const Options given(arguments);
  WorkerOptions options;
  options.join = read_join_target(given.required("join"));
  const auto rank = given.whole("rank", 1, kMostHosts - 1);
  if (!rank) given.fail("--rank N is missing: which of the hosts 1, 2, ... this is");
  options.rank = static_cast<HostId>(*rank);
  options.transport.address = given.text("address").value_or("127.0.0.1");
  if (const auto seconds = given.positive("patience"))
    options.patience = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
  options.transport.token = given.text("token").value_or("");
  options.transport.ca = given.text("ca").value_or("");
  options.transport.certificate = given.text("certificate").value_or("");
  options.transport.key = given.text("key").value_or("");
  options.transport.name = given.text("name").value_or("");
  constexpr std::string_view kScalars[] = {"float32", "float64"};
  options.scalar = kScalars[given.choice("scalar", kScalars).value_or(0)];
  const int certificates = given.has("ca") + given.has("certificate") + given.has("key") + given.has("name");
  if (certificates != 0 && certificates != 4) given.fail("--ca, --certificate, --key and --name go together");
  if (std::holds_alternative<HostAddress>(options.join) && certificates == 0 && !given.has("plain"))
    given.fail(
        "ADDRESS:PORT needs certificates (--ca, --certificate, --key, --name) or --plain; a rendezvous file "
        "brings its own");
  work(options);
  return 0;
}

}  // namespace

extern const Command kWorkerCommand = {
    "worker", "--join FILE|ADDRESS:PORT --rank N [OPTIONS]", "one process of a run over several", kOptions, kDetails,
    run,
};

}  // namespace settle
