#include "sim/library_versions.hpp"

#include <openssl/crypto.h>
#include <zip.h>
#include <zlib.h>

#include <algorithm>
#include <boost/version.hpp>

namespace settle {

std::map<std::string, std::string> library_versions() {
  std::string boost = BOOST_LIB_VERSION;  // "1_74"
  std::replace(boost.begin(), boost.end(), '_', '.');
  return {{"boost", boost},
          {"libzip", zip_libzip_version()},
          {"openssl", OpenSSL_version(OPENSSL_FULL_VERSION_STRING)},
          {"zlib", zlibVersion()}};
}

}  // namespace settle
