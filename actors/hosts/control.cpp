#include "actors/hosts/control.hpp"

namespace settle {

Failure to_failure(const std::exception_ptr& cause) {
  try {
    std::rethrow_exception(cause);
  } catch (const Error& error) {
    return {error.exit_code(), error.what()};
  } catch (const std::exception& error) {
    return {ExitCode::internal_fault, error.what()};
  }
}

}  // namespace settle
