// The kinds of value that the keys of [network] have.
#include "sim/config/key_types.hpp"
#include "sim/virtual/network_options.hpp"

namespace settle::key_types {

Kind distribution(std::string NetworkConfig::*member) {
  return {distribution_words(), [member](RunConfig& config, std::string& text) {
            if (!read_distribution(text)) return false;
            config.network.*member = text;
            return true;
          }};
}

Kind resend() {
  return {"never or a whole number of ticks", [](RunConfig& config, std::string& text) {
            const auto read = read_resend(text);
            if (!read) return false;
            config.network.resend = *read;
            text = *read ? std::to_string(**read) : "never";
            return true;
          }};
}

Kind compute_time() {
  return {"a number of ticks from 0 or cost(ticks)", [](RunConfig& config, std::string& text) {
            if (!read_compute(text)) return false;
            config.network.compute = text;
            return true;
          }};
}

Kind straggler() {
  return {"none or pause(every, length, share), the length shorter than every, share 1 where it is left out",
          [](RunConfig& config, std::string& text) {
            if (!read_straggler(text)) return false;
            config.network.straggler = text;
            return true;
          }};
}

}  // namespace settle::key_types
