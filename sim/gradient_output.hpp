// Purpose: the folder that `settle gradient` fills: grad_PARAM.npy and gradin_INPUT.npy (dL/dtheta and dL/dv),
// trace.csv where asked for, result.json last. A folder is taken when it is new, empty, or holds the result of an
// earlier call, which is replaced; nothing else is touched. Thread rule: one user. Errors: CannotCreate naming the
// folder and what is in the way; CannotWrite.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "sim/gradient_case.hpp"

namespace settle {

class GradientOutput {
 public:
  // Makes the folder, or checks the one that is there.
  explicit GradientOutput(const std::filesystem::path& folder);

  template <class Scalar>
  void write(const GradientCase<Scalar>& gradient_case, const Gradients<Scalar>& gradients);
  void write_trace(const std::string& csv);
  // Also removes what an earlier call wrote and this one did not.
  void finish(const nlohmann::json& result);

 private:
  std::filesystem::path folder_;
  std::set<std::string> written_;
};

}  // namespace settle
