#include "sim/session/progress_of_run.hpp"

#include "graph/error.hpp"

namespace settle {

nlohmann::json to_json(const RunProgress& progress) {
  return {{"trials", progress.trials},
          {"epoch", to_json(progress.epoch)},
          {"last_epoch", to_json(progress.last_epoch)},
          {"messages", progress.messages},
          {"seconds", progress.seconds}};
}

RunProgress run_progress_from_json(const nlohmann::json& json) {
  try {
    return {json.at("trials"), score_from_json(json.at("epoch")), score_from_json(json.at("last_epoch")),
            json.at("messages"), json.at("seconds")};
  } catch (const nlohmann::json::exception& error) {
    throw BadData("the checkpoint's progress cannot be read: " + std::string(error.what()));
  }
}

}  // namespace settle
