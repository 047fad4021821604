#include "sim/watch/status_text.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "sim/progress.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

using nlohmann::json;

constexpr const char* kRates[][2] = {{"handled", "messages_per_second"},
                                     {"bytes_sent", "bytes_sent_per_second"},
                                     {"bytes_received", "bytes_received_per_second"}};

const json& member(const json& object, const char* name) {
  static const json nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string number_of(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_number() ? short_number(value) : "-";
}

std::string seconds_of(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_number() ? formatted("%.1f s", value) : "-";
}

std::string process_of(const json& object) {
  if (!object.contains("process")) return "-";
  return std::to_string(object.at("process").get<std::int64_t>()) + " on " + object.at("machine").get<std::string>();
}

struct Column {
  const char* title;
  std::function<std::string(const json& host)> cell;
};

constexpr std::size_t kColumnsOfOneHost = 5;  // the others are about its peers

// In the order in which they are worth their place.
const std::vector<Column>& table_columns() {
  const auto number = [](const char* title, const char* name) {
    return Column{title, [name](const json& host) { return number_of(host, name); }};
  };
  static const std::vector<Column> columns = {
      {"host", [](const json& host) { return std::to_string(host.value("rank", host.at("host").get<int>())); }},
      {"phase", [](const json& host) { return host.value("answers", true) ? host.value("phase", "-") : "no answer"; }},
      number("vertices", "vertices"),
      number("messages/s", "messages_per_second"),
      number("waiting", "outstanding"),
      {"heard", [](const json& host) { return seconds_of(host, "seconds_since_heard"); }},
      number("sent B/s", "bytes_sent_per_second"),
      number("received B/s", "bytes_received_per_second"),
      number("queued B", "queued_bytes"),
      number("credit B", "credit"),
      {"process", process_of},
  };
  return columns;
}

std::string host_table(const json& hosts, std::size_t columns) {
  constexpr std::size_t kGap = 2;
  std::vector<std::string> lines(hosts.size() + 1);
  const std::size_t shown = hosts.size() == 1 ? kColumnsOfOneHost : table_columns().size();
  for (const Column& column : std::span(table_columns()).first(shown)) {
    std::vector<std::string> cells{column.title};
    for (const json& host : hosts) cells.push_back(column.cell(host));
    std::size_t width = 0;
    for (const std::string& cell : cells) width = std::max(width, cell.size());
    const std::size_t gap = lines.front().empty() ? 0 : kGap;
    if (columns > 0 && lines.front().size() + gap + width > columns) break;
    for (std::size_t row = 0; row < cells.size(); ++row)
      lines[row] += std::string(gap + width - cells[row].size(), ' ') + cells[row];
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string fitting(const std::string& line, std::size_t columns) {
  return (columns > 0 ? line.substr(0, columns) : line) + "\n";
}

std::string progress_text(const json& status) {
  const auto whole = [&](const char* name) { return std::to_string(status.value(name, std::uint64_t{0})); };
  std::string text = "trial " + whole("trial") + " of " + whole("trials");
  if (status.contains("epoch")) text += ", epoch " + whole("epoch") + " of " + whole("epochs");
  if (const json& loss = member(status, "loss"); loss.is_number()) text += formatted(", loss %.4f", loss);
  const json& rate = member(status, "trials_per_second");
  if (!rate.is_number()) return text;
  const double left = status.at("trials").get<double>() - status.at("trial").get<double>();
  text += formatted(", %.3g trials/s, ", rate) + duration_text(left / rate.get<double>()) + " left";
  return text + "; last trial " + seconds_of(status, "seconds_since_trial") + " ago";
}

std::string ended_text(const json& status) {
  std::string text;
  if (const json& trial = member(status, "trial"); trial.is_number()) {
    text += "last trial " + trial.dump();
    if (const json& trials = member(status, "trials"); trials.is_number()) text += " of " + trials.dump();
    text += "\n";
  }
  if (const json& code = member(status, "exit_code"); code.is_number()) text += "exit code " + code.dump() + "\n";
  if (const std::string cause = status.value("cause", ""); !cause.empty()) text += cause + "\n";
  return text;
}

}  // namespace

std::string short_number(double number) {
  constexpr double kThousand = 1000;
  const char* unit = "kMGTPE";
  if (number < kThousand - 0.5) return formatted("%.0f", number);
  double scaled = number / kThousand;
  while (scaled >= kThousand - 0.5 && unit[1] != '\0') scaled /= kThousand, ++unit;
  return formatted(scaled < 9.95 ? "%.1f" : "%.0f", scaled) + *unit;
}

void add_rates(json& now, const json& before) {
  const bool comparable =
      before.value("executor", -1) == now.value("executor", -2) && before.at("hosts").size() == now.at("hosts").size();
  const double seconds = now.value("clock", 0.0) - before.value("clock", 0.0);
  for (std::size_t i = 0; i < now.at("hosts").size(); ++i) {
    json& host = now["hosts"][i];
    const bool answered = comparable && host.value("answers", false) && before["hosts"][i].value("answers", false);
    for (const auto& [count, rate] : kRates)
      host[rate] = answered && seconds > 0
                       ? json((host.at(count).get<double>() - before["hosts"][i].at(count).get<double>()) / seconds)
                       : json();
  }
}

std::string status_text(const json& status, std::size_t columns) {
  const std::string state = status.at("state");
  std::string head = status.at("directory").get<std::string>() + ": " + status.value("stage", state);
  if (status.contains("process")) head += ", process " + process_of(status);
  if (state != "running") return fitting(head, columns) + ended_text(status);
  std::string text = fitting(head, columns) + fitting(progress_text(status), columns);
  if (!status.at("hosts").empty()) text += "\n" + host_table(status.at("hosts"), columns);
  return text;
}

}  // namespace settle
