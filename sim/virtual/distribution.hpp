// Purpose: what chance decides in virtual time, such as a latency or the rate of a clock: a distribution of numbers
// above 0, said in text as NAME(PARAMETERS). A bare number is constant. Each kind is one file of distributions/ and one
// line of their list. Thread rule: immutable.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "graph/random.hpp"

namespace settle {

class Distribution {
 public:
  virtual ~Distribution() = default;
  virtual double draw(RandomStream& random) const = 0;
  // Every draw is the same and takes nothing from the stream.
  virtual bool constant() const noexcept { return false; }
};

using DistributionPtr = std::shared_ptr<const Distribution>;

struct DistributionKind {
  std::string_view name;
  std::string_view parameters;  // their names, "least, most"
  std::size_t count;            // of them
  // Null where the numbers are not possible.
  DistributionPtr (*make)(std::span<const double> parameters);
};

std::span<const DistributionKind> distribution_kinds();

DistributionPtr constant_number(double value);

// Puts `text` into its one spelling. Null: it says none.
DistributionPtr read_distribution(std::string& text);

// "a number, constant(value), uniform(least, most), ..."
std::string distribution_words();

}  // namespace settle
