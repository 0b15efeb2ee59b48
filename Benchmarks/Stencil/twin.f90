! The twin in Fortran: twin-fortran N STEPS prints the updates per second, as twin.cpp does.
program twin
    use, intrinsic :: iso_fortran_env, only: real64, int64
    implicit none
    integer :: n, steps, step, i, j
    integer(int64) :: start, finish, rate
    real(real64), parameter :: k = 0.25_real64
    real(real64), allocatable :: p(:, :), q(:, :), swap(:, :)
    character(len=20) :: argument

    call get_command_argument(1, argument); read (argument, *) n
    call get_command_argument(2, argument); read (argument, *) steps
    allocate (p(0:n + 1, 0:n + 1), q(0:n + 1, 0:n + 1), source=0.0_real64)
    do j = 1, n
        do i = 1, n
            p(i, j) = sin(0.1_real64*j)*cos(0.2_real64*i)
        end do
    end do
    call system_clock(start, rate)
    do step = 1, steps
        do j = 1, n
            do i = 1, n
                q(i, j) = p(i, j) + k*(p(i, j - 1) + p(i, j + 1) + p(i - 1, j) + p(i + 1, j) - 4*p(i, j))
            end do
        end do
        call move_alloc(p, swap); call move_alloc(q, p); call move_alloc(swap, q)
    end do
    call system_clock(finish)
    print '(es12.5, a, es20.12)', real(n, real64)*n*steps*rate/(finish - start), ' updates/s, sum ', sum(p)
end program twin
