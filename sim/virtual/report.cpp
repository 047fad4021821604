#include "sim/virtual/report.hpp"

namespace settle {

nlohmann::json to_json(const VirtualReport& report) {
  nlohmann::json json = {{"virtual_ticks", report.settled_after},
                         {"events", report.events},
                         {"messages", report.messages},
                         {"bytes", report.bytes},
                         {"acts", report.acts},
                         {"dropped", report.dropped},
                         {"resent", report.resent},
                         {"superseded", report.superseded},
                         {"slot_ages", report.ages}};
  std::size_t counted = report.tick_ages.size();
  while (counted > 0 && report.tick_ages[counted - 1] == 0) --counted;
  if (counted > 0)
    json["slot_ages_ticks"] =
        std::vector(report.tick_ages.begin(), report.tick_ages.begin() + static_cast<std::ptrdiff_t>(counted));
  return json;
}

}  // namespace settle
