#include "tools/host_benchmark.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "actors/caf/gateway.hpp"
#include "actors/descriptor.hpp"
#include "actors/wire/peer_error.hpp"
#include "tools/bench/memory.hpp"
#include "tools/trial_timer.hpp"

namespace settle {
namespace {

using Clock = std::chrono::steady_clock;

constexpr HostId kSender = 0;
constexpr HostId kReceiver = 1;
constexpr std::chrono::seconds kPatience{60};
constexpr std::uint64_t kTensors = 1000;
constexpr std::int64_t kTensorBytes = 1 << 20;

// Control: how many messages the receiver takes before it says so, and whether it sends each back.
enum Kind : std::uint16_t { expect, expect_and_echo, all_here };

Hello hello_of(HostId host) {
  Hello hello;
  hello.rank = host;
  return hello;
}

GatewayOptions options_of(HostId host, std::shared_ptr<const TlsContext> tls) {
  GatewayOptions options;
  options.peer.hello = hello_of(host);
  options.tls = std::move(tls);
  return options;
}

VertexMessage message_of(std::int64_t bytes) {
  Message<float> message;
  message.tensor = Payload<float>(Tensor<float>({bytes / 4}));
  return {0, std::move(message)};
}

// What the forked process does, until the sender is gone.
class Receiver final : public GatewayEvents {
 public:
  // `port_pipe`: is told where it listens.
  static void run(int port_pipe, const std::shared_ptr<const TlsContext>& tls) {
    Receiver receiver;
    Gateway gateway(options_of(kReceiver, tls), receiver);
    receiver.gateway_ = &gateway;
    const std::uint16_t port = gateway.port();
    if (::write(port_pipe, &port, sizeof port) != sizeof port) return;
    std::unique_lock lock(receiver.mutex_);
    receiver.ended_.wait(lock, [&] { return receiver.over_; });
  }

  void joined(HostId) override {}
  void lost(HostId, const std::string&) override {
    const std::lock_guard lock(mutex_);
    over_ = true;
    ended_.notify_all();
  }
  void received(HostId from, VertexMessage message, std::size_t bytes) override {
    if (echo_) gateway_->send(from, std::move(message));
    gateway_->done(from, bytes);
    if (--left_ == 0) gateway_->send_control(from, all_here, {});
  }
  void received_control(HostId, std::uint16_t kind, std::span<const char> content) override {
    echo_ = kind == expect_and_echo;
    left_ = ByteReader(content).number<std::uint64_t>();
  }

 private:
  Gateway* gateway_ = nullptr;
  std::uint64_t left_ = 0;
  bool echo_ = false;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool over_ = false;
};

class Sender final : public GatewayEvents {
 public:
  void joined(HostId) override {
    change([&] { joined_ = true; });
  }
  void lost(HostId, const std::string& cause) override {
    change([&] { lost_ = cause; });
  }
  void received(HostId from, VertexMessage, std::size_t bytes) override {
    gateway->done(from, bytes);
    change([&] { echoed_ = true; });
  }
  void received_control(HostId, std::uint16_t, std::span<const char>) override {
    change([&] { complete_ = true; });
  }
  void room(HostId) override {
    change([&] { room_ = true; });
  }

  void wait_until_joined() {
    wait([&] { return joined_; });
  }
  // The receiver is to say when it has `count` of them.
  void announce(Kind kind, std::uint64_t count) {
    Bytes content;
    ByteWriter(content).number(count);
    gateway->send_control(kReceiver, kind, content);
  }
  // False where the next should wait for `wait_for_room`.
  bool send(const VertexMessage& message) { return gateway->send(kReceiver, message); }
  void wait_for_room() {
    wait([&] { return std::exchange(room_, false); });
  }
  void wait_for_echo() {
    wait([&] { return std::exchange(echoed_, false); });
  }
  void wait_until_complete() {
    wait([&] { return std::exchange(complete_, false); });
  }

  Gateway* gateway = nullptr;

 private:
  template <class Change>
  void change(Change what) {
    const std::lock_guard lock(mutex_);
    what();
    changed_.notify_all();
  }
  template <class Condition>
  void wait(Condition condition) {
    std::unique_lock lock(mutex_);
    const bool in_time = changed_.wait_for(lock, kPatience, [&] { return !lost_.empty() || condition(); });
    if (!lost_.empty()) throw PeerGone("the other process of the benchmark is lost: " + lost_);
    if (!in_time) throw PeerGone("the other process of the benchmark does not answer");
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool joined_ = false;
  bool echoed_ = false;
  bool complete_ = false;
  bool room_ = false;
  std::string lost_;
};

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The other process, killed where this one is done with it.
class Child {
 public:
  explicit Child(const std::shared_ptr<const TlsContext>& tls) {
    int ends[2];
    if (::pipe(ends) != 0) throw CannotCreate(std::string("the benchmark cannot make a pipe: ") + std::strerror(errno));
    const Descriptor read_end(ends[0]);
    Descriptor write_end(ends[1]);
    const pid_t parent = ::getpid();
    id_ = ::fork();
    if (id_ < 0) throw CannotCreate(std::string("the benchmark cannot start a process: ") + std::strerror(errno));
    if (id_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() == parent) Receiver::run(write_end.number(), tls);
      ::_exit(0);
    }
    write_end.close();
    if (::read(read_end.number(), &port_, sizeof port_) != sizeof port_)
      throw PeerGone("the other process of the benchmark did not start");
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }

  std::uint16_t port() const noexcept { return port_; }
  double resident() const { return resident_bytes(std::to_string(id_)); }
  double cpu_seconds() const {
    clockid_t clock = 0;
    return ::clock_getcpuclockid(id_, &clock) == 0 ? seconds_of(clock) : 0;
  }
  void stop() {
    ::kill(id_, SIGSTOP);
    ::waitpid(id_, nullptr, WUNTRACED);
  }
  void go_on() { ::kill(id_, SIGCONT); }

 private:
  pid_t id_ = -1;
  std::uint16_t port_ = 0;
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double messages_per_second(Sender& sender, std::uint64_t count, std::span<const VertexMessage> messages) {
  sender.announce(expect, count);
  const auto start = Clock::now();
  for (std::uint64_t i = 0; i < count; ++i)
    if (!sender.send(messages[i % messages.size()])) sender.wait_for_room();
  sender.wait_until_complete();
  return static_cast<double>(count) / seconds_since(start);
}

// Seconds of each, in order of size.
std::vector<double> round_trips(Sender& sender, std::uint64_t count, const VertexMessage& message) {
  std::vector<double> times;
  sender.announce(expect_and_echo, count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto start = Clock::now();
    sender.send(message);
    sender.wait_for_echo();
    times.push_back(seconds_since(start));
  }
  sender.wait_until_complete();
  std::ranges::sort(times);
  return times;
}

// Sends until it is told to wait, while nobody receives.
void measure_stopped(Sender& sender, Child& child, std::span<const VertexMessage> tensors, HostBenchmark& result) {
  constexpr std::uint64_t kCount = 200;
  sender.announce(expect, kCount);
  child.stop();
  std::uint64_t sent = 0;
  while (sender.send(tensors[sent++ % tensors.size()])) continue;
  std::this_thread::sleep_for(std::chrono::seconds(1));  // whatever would grow has grown
  result.stopped_sender_bytes = resident_bytes();
  result.stopped_receiver_bytes = child.resident();
  result.stopped_queued_bytes = sender.gateway->counters().at(kReceiver).queued_bytes;
  child.go_on();
  sender.wait_for_room();
  for (; sent < kCount; ++sent)
    if (!sender.send(tensors[sent % tensors.size()])) sender.wait_for_room();
  sender.wait_until_complete();
}

}  // namespace

HostBenchmark time_hosts(bool plain, std::int64_t rounds) {
  const auto now = std::chrono::system_clock::now();
  const auto tls = plain ? nullptr : std::make_shared<const TlsContext>(make_run_credentials(now), kRunName, now);
  Child child(tls);
  Sender sender;
  Gateway gateway(options_of(kSender, tls), sender);
  sender.gateway = &gateway;
  gateway.connect(kReceiver, "127.0.0.1", child.port());
  sender.wait_until_joined();

  // As many as wait at most, so that each has memory of its own.
  std::vector<VertexMessage> tensors;
  for (int i = 0; i < 16; ++i) tensors.push_back(message_of(kTensorBytes));
  const std::vector<VertexMessage> small = {message_of(1 << 10)};
  std::vector<double> bytes, cpu, messages, medians, slow;
  for (std::int64_t round = 0; round < rounds; ++round) {
    const auto cpu_seconds = [&] { return seconds_of(CLOCK_PROCESS_CPUTIME_ID) + child.cpu_seconds(); };
    const double before = cpu_seconds();
    bytes.push_back(messages_per_second(sender, kTensors, tensors) * kTensorBytes);
    cpu.push_back((cpu_seconds() - before) / (kTensors * kTensorBytes / 1e9));
    messages.push_back(messages_per_second(sender, 300'000, small));
    const std::vector<double> times = round_trips(sender, 3000, message_of(64));
    medians.push_back(times[times.size() / 2]);
    slow.push_back(times[times.size() * 99 / 100]);
  }
  HostBenchmark result;
  result.tensor_bytes_per_second = median(bytes);
  result.tensor_cpu_per_gigabyte = median(cpu);
  result.messages_per_second = median(messages);
  result.round_trip_median = median(medians);
  result.round_trip_99 = median(slow);
  measure_stopped(sender, child, tensors, result);
  return result;
}

}  // namespace settle
