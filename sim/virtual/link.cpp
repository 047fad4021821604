#include "sim/virtual/link.hpp"

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

using key_types::number_of;

constexpr const char* kLinkForm =
    "; write from PATTERN to PATTERN: latency = uniform(2, 5), loss = 0.1; from host 0 to host 1: bandwidth = 100 "
    "(also jitter and resend)";
[[noreturn]] void fail_links(std::string_view part, const std::string& why) {
  throw BadConfig("network.links: '" + std::string(part) + "' " + why + kLinkForm);
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> result;
  for (const std::string_view word : split(text, ' '))
    if (!word.empty()) result.push_back(word);
  return result;
}

// Takes `word END` from the front of `rest`.
LinkEnd take_end(std::vector<std::string_view>& rest, std::string_view word, std::string_view part) {
  if (rest.size() < 2 || rest[0] != word) fail_links(part, "says no '" + std::string(word) + "'");
  LinkEnd end;
  std::size_t taken = 2;
  if (rest[1] == "host") {
    end.host = rest.size() < 3 ? std::nullopt : number_of<std::uint32_t>(rest[2]);
    if (!end.host) fail_links(part, "does not say which host");
    taken = 3;
  } else {
    end.pattern = rest[1];
  }
  rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(taken));
  return end;
}

void set(LinkRule& rule, std::string_view part) {
  const std::size_t equals = part.find('=');
  if (equals == std::string_view::npos) fail_links(part, "is no NAME = VALUE");
  const std::string_view name = trimmed(part.substr(0, equals));
  std::string value(trimmed(part.substr(equals + 1)));
  bool possible = true;
  if (name == "latency") {
    rule.latency = read_distribution(value);
    possible = *rule.latency != nullptr;
  } else if (name == "jitter") {
    rule.jitter = number_of<Tick>(value);
    possible = rule.jitter.has_value();
  } else if (name == "loss") {
    rule.loss = number_of<double>(value);
    possible = rule.loss && *rule.loss >= 0 && *rule.loss < 1;
  } else if (name == "resend") {
    rule.resend = read_resend(value);
    possible = rule.resend.has_value();
  } else if (name == "bandwidth") {
    rule.bandwidth = number_of<double>(value);
    possible = rule.bandwidth && *rule.bandwidth >= 0 && *rule.bandwidth <= 1e15;
  } else {
    fail_links(part, "sets nothing that a link has");
  }
  if (!possible) fail_links(part, "is not possible");
}

}  // namespace

std::optional<std::optional<Tick>> read_resend(std::string_view text) {
  if (text == "never") return std::optional<Tick>();
  const auto ticks = number_of<Tick>(text);
  if (!ticks || *ticks > kLongestTime) return std::nullopt;
  return *ticks == 0 ? std::optional<Tick>() : ticks;
}

std::vector<LinkRule> read_links(std::string_view text) {
  std::vector<LinkRule> rules;
  for (const std::string_view part : split(text, ';')) {
    if (part.empty()) continue;
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos) fail_links(part, "has no ':'");
    std::vector<std::string_view> rest = words(part.substr(0, colon));
    LinkRule rule;
    rule.from = take_end(rest, "from", part);
    rule.to = take_end(rest, "to", part);
    if (!rest.empty()) fail_links(part, "has more before ':' than from and to");
    for (const std::string_view setting : split(part.substr(colon + 1), ',')) set(rule, setting);
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace settle
