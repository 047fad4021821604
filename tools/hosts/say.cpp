#include "tools/hosts/say.hpp"

#include <iostream>

namespace settle {

void say(const std::string& text) { std::cerr << "settle: " + text + "\n" << std::flush; }

}  // namespace settle
