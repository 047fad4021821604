// Purpose: the versions of the libraries that this layer alone links. Thread rule: pure.
#pragma once

#include <map>
#include <string>

namespace settle {

// "boost", "libzip", "openssl", "zlib": as loaded, where the library can tell.
std::map<std::string, std::string> library_versions();

}  // namespace settle
