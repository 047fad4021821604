// Purpose: what `settle status` says: rates from two answers of a run (StatusBoard::status), and the text for a
// terminal. Thread rule: pure.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace settle {

// Adds to every host "messages_per_second" (handled by its vertices), "bytes_sent_per_second" and
// "bytes_received_per_second" since `before`; null where the host has not answered both times or the executor is
// another one by now.
void add_rates(nlohmann::json& now, const nlohmann::json& before);

// Lines, ended. `columns`: of the terminal, which the last columns of the table give way to; 0: there is none.
std::string status_text(const nlohmann::json& status, std::size_t columns);

// "987", "1.2k", "34M": at the most five characters.
std::string short_number(double number);

}  // namespace settle
