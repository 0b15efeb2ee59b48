// The twin of the Swift kernel: the same problem in plain C++.
//
//     twin N STEPS: prints the grid-point updates per second of STEPS explicit Euler steps on N x N interior points.

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

int main(int argc, char **argv) {
    if (argc != 3) { std::fprintf(stderr, "usage: twin N STEPS\n"); return 64; }
    const int n = std::atoi(argv[1]), steps = std::atoi(argv[2]), width = n + 2;
    const double k = 0.25;
    std::vector<double> p(width * width), q(width * width);
    for (int i = 1; i <= n; ++i)
        for (int j = 1; j <= n; ++j) p[i * width + j] = std::sin(0.1 * i) * std::cos(0.2 * j);

    const auto start = std::chrono::steady_clock::now();
    for (int step = 0; step < steps; ++step) {
        const double *old = p.data();
        double *next = q.data();
        for (int i = 1; i <= n; ++i)
            for (int j = 1; j <= n; ++j) {
                const int c = i * width + j;
                next[c] = old[c] + k * (old[c - width] + old[c + width] + old[c - 1] + old[c + 1] - 4 * old[c]);
            }
        std::swap(p, q);
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    double sum = 0;
    for (double value : p) sum += value;
    std::printf("%.6g updates/s, sum %.12g\n", double(n) * n * steps / seconds.count(), sum);
}
