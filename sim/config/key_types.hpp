// Purpose: the kinds of value a key can have; each gives what is allowed in words and the function that reads a text
// into a member of RunConfig. Caller: keys.cpp. Thread rule: free functions.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/config/run_config.hpp"

namespace settle::key_types {

struct Kind {
  std::string allowed;
  std::function<bool(RunConfig&, std::string&)> assign;
  bool is_path = false;
};

// The whole of `text` as a number; empty where it is none.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The shortest spelling that reads back as the same number.
std::string spelling(double value);

template <class Member>
struct ValueOf {
  using type = Member;
};
template <class Value>
struct ValueOf<std::optional<Value>> {
  using type = Value;
};

template <class Section, class Member>
Kind whole(Section RunConfig::*section, Member Section::*member, std::int64_t least, std::int64_t most) {
  const std::string upper = most == INT64_MAX ? " up" : " to " + std::to_string(most);
  return {"a whole number from " + std::to_string(least) + upper, [=](RunConfig& config, std::string& text) {
            const auto value = number_of<std::int64_t>(text);
            if (!value || *value < least || *value > most) return false;
            config.*section.*member = static_cast<typename ValueOf<Member>::type>(*value);
            text = std::to_string(*value);
            return true;
          }};
}

// The bounds of a real number and how they read.
struct Range {
  double least;
  double most;
  bool least_itself;
  bool most_itself;

  bool contains(double value) const noexcept {
    return std::isfinite(value) && (least_itself ? value >= least : value > least) &&
           (most_itself ? value <= most : value < most);
  }
  std::string words() const;
};

template <class Section, class Member>
Kind real(Section RunConfig::*section, Member Section::*member, const Range& range) {
  return {range.words(), [=](RunConfig& config, std::string& text) {
            const auto value = number_of<double>(text);
            if (!value || !range.contains(*value)) return false;
            config.*section.*member = *value;
            text = spelling(*value);
            return true;
          }};
}

std::string one_of(const std::vector<std::string>& names);

// One of a closed set, an enumerator each.
template <class Section, class Value>
Kind choice(Section RunConfig::*section, Value Section::*member,
            std::type_identity_t<std::vector<std::pair<std::string_view, Value>>> values) {
  std::vector<std::string> names;
  for (const auto& value : values) names.emplace_back(value.first);
  return {one_of(names), [section, member, values = std::move(values)](RunConfig& config, std::string& text) {
            for (const auto& [name, value] : values) {
              if (name != text) continue;
              config.*section.*member = value;
              return true;
            }
            return false;
          }};
}

// One of a list of names that other parts keep (rules, datasets, ...): stays a text.
template <class Section>
Kind name(Section RunConfig::*section, std::string Section::*member, std::vector<std::string> names) {
  std::string allowed = one_of(names);
  return {std::move(allowed), [section, member, names = std::move(names)](RunConfig& config, std::string& text) {
            for (const std::string& known : names) {
              if (known != text) continue;
              config.*section.*member = text;
              return true;
            }
            return false;
          }};
}

template <class Section>
Kind text(Section RunConfig::*section, std::string Section::*member, std::string allowed) {
  return {std::move(allowed), [=](RunConfig& config, std::string& value) {
            config.*section.*member = value;
            return true;
          }};
}

template <class Section>
Kind path(Section RunConfig::*section, std::filesystem::path Section::*member) {
  return {"a path",
          [=](RunConfig& config, std::string& value) {
            config.*section.*member = value;
            return true;
          },
          true};
}

// Kinds with one key each.
Kind layers();
Kind initializer();
Kind held_out(double DataConfig::*member);
Kind value_rate();
Kind wake();
Kind mask();
Kind threads();
Kind timeline();
Kind distribution(std::string NetworkConfig::*member);
Kind resend();
Kind compute_time();
Kind straggler();

}  // namespace settle::key_types
