// Purpose: one line of a host on its stderr. Thread rule: any thread.
#pragma once

#include <string>

namespace settle {

void say(const std::string& text);

}  // namespace settle
