#include "tools/command.hpp"

int main(int argc, char** argv) { return settle::run_program(std::vector<std::string>(argv + 1, argv + argc)); }
