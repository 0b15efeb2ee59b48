// The twin of auc's left rule: the same two curves in plain C++.
//
//     twin cubic|gaussian N: prints the points per second.

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

template <typename F> double area(F f, long n) {
    const double dx = 3.0 / n;
    double x = 0, sum = 0;
    for (long i = 0; i < n; ++i) {
        sum += f(x) * dx;
        x += dx;
    }
    return sum;
}

int main(int argc, char **argv) {
    if (argc != 3) { std::fprintf(stderr, "usage: twin cubic|gaussian N\n"); return 64; }
    const long n = std::atol(argv[2]);
    const auto start = std::chrono::steady_clock::now();
    const double sum = std::strcmp(argv[1], "cubic") == 0
        ? area([](double x) { return 0.7 * x * x * x - 2 * x * x + 4; }, n)
        : area([](double x) { return std::sin(x) * std::exp(-x * x); }, n);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%.6g points/s, area %.15g\n", n / seconds.count(), sum);
}
