// Purpose: how many of `size` things a share or a number holds out. Callers: open_dataset (validation), the datasets
// that hold out their own test split. Thread rule: pure.
// Errors: BadConfig naming the key where none would be left.
#pragma once

#include <cstdint>
#include <string>

namespace settle {

// `wanted` below 1: that fraction, rounded down; else that many.
std::uint32_t held_out(double wanted, std::uint32_t size, const std::string& key);

}  // namespace settle
