// Parts of <mpi.h> that Swift cannot import.
//
// Every predefined MPI handle and several constants are macros that cast (`((MPI_Comm) 0x44000000)`) or take the
// address of a global (`OMPI_PREDEFINED_GLOBAL(...)`); the Swift importer skips both. Each of them is therefore
// returned by an inline function of the same name with the prefix `CMPI_` in place of `MPI_`. Swift imports a function
// type as a distinct type, so it is named here as a pointer. A call that some libraries lack is wrapped in a function
// that returns an error there. Nothing else belongs in this file.

#ifndef CMPI_SHIM_H
#define CMPI_SHIM_H

#include <mpi.h>
#ifdef OPEN_MPI
#include <mpi-ext.h>
#endif

// Communicators (MPI-3.1 §6.2)
static inline MPI_Comm CMPI_COMM_WORLD(void) { return MPI_COMM_WORLD; }
static inline MPI_Comm CMPI_COMM_SELF(void) { return MPI_COMM_SELF; }
static inline MPI_Comm CMPI_COMM_NULL(void) { return MPI_COMM_NULL; }
static inline MPI_Group CMPI_GROUP_NULL(void) { return MPI_GROUP_NULL; }
static inline MPI_Group CMPI_GROUP_EMPTY(void) { return MPI_GROUP_EMPTY; }
static inline int CMPI_KEYVAL_INVALID(void) { return MPI_KEYVAL_INVALID; }

// Null handles
static inline MPI_Request CMPI_REQUEST_NULL(void) { return MPI_REQUEST_NULL; }
static inline MPI_Message CMPI_MESSAGE_NULL(void) { return MPI_MESSAGE_NULL; }
static inline MPI_Datatype CMPI_DATATYPE_NULL(void) { return MPI_DATATYPE_NULL; }
static inline MPI_Win CMPI_WIN_NULL(void) { return MPI_WIN_NULL; }
static inline MPI_Info CMPI_INFO_NULL(void) { return MPI_INFO_NULL; }
static inline MPI_Info CMPI_INFO_ENV(void) { return MPI_INFO_ENV; }
static inline MPI_Errhandler CMPI_ERRORS_RETURN(void) { return MPI_ERRORS_RETURN; }

// Pointer constants
static inline void *CMPI_IN_PLACE(void) { return MPI_IN_PLACE; }
static inline MPI_Status *CMPI_STATUS_IGNORE(void) { return MPI_STATUS_IGNORE; }
static inline MPI_Status *CMPI_STATUSES_IGNORE(void) { return MPI_STATUSES_IGNORE; }
static inline int *CMPI_UNWEIGHTED(void) { return MPI_UNWEIGHTED; }
static inline int *CMPI_WEIGHTS_EMPTY(void) { return MPI_WEIGHTS_EMPTY; }

// Elementary datatypes (§3.2.2)
static inline MPI_Datatype CMPI_BYTE(void) { return MPI_BYTE; }
static inline MPI_Datatype CMPI_PACKED(void) { return MPI_PACKED; }
static inline MPI_Datatype CMPI_INT(void) { return MPI_INT; }
static inline MPI_Datatype CMPI_COUNT(void) { return MPI_COUNT; }
static inline MPI_Datatype CMPI_C_BOOL(void) { return MPI_C_BOOL; }
static inline MPI_Datatype CMPI_INT8_T(void) { return MPI_INT8_T; }
static inline MPI_Datatype CMPI_INT16_T(void) { return MPI_INT16_T; }
static inline MPI_Datatype CMPI_INT32_T(void) { return MPI_INT32_T; }
static inline MPI_Datatype CMPI_INT64_T(void) { return MPI_INT64_T; }
static inline MPI_Datatype CMPI_UINT8_T(void) { return MPI_UINT8_T; }
static inline MPI_Datatype CMPI_UINT16_T(void) { return MPI_UINT16_T; }
static inline MPI_Datatype CMPI_UINT32_T(void) { return MPI_UINT32_T; }
static inline MPI_Datatype CMPI_UINT64_T(void) { return MPI_UINT64_T; }
static inline MPI_Datatype CMPI_FLOAT(void) { return MPI_FLOAT; }
static inline MPI_Datatype CMPI_DOUBLE(void) { return MPI_DOUBLE; }
static inline MPI_Datatype CMPI_C_FLOAT_COMPLEX(void) { return MPI_C_FLOAT_COMPLEX; }
static inline MPI_Datatype CMPI_C_DOUBLE_COMPLEX(void) { return MPI_C_DOUBLE_COMPLEX; }

// Pairs of a value and an index (§5.9.4)
static inline MPI_Datatype CMPI_FLOAT_INT(void) { return MPI_FLOAT_INT; }
static inline MPI_Datatype CMPI_DOUBLE_INT(void) { return MPI_DOUBLE_INT; }
static inline MPI_Datatype CMPI_LONG_INT(void) { return MPI_LONG_INT; }
static inline MPI_Datatype CMPI_2INT(void) { return MPI_2INT; }
static inline MPI_Datatype CMPI_SHORT_INT(void) { return MPI_SHORT_INT; }

// Predefined reduction operations (§5.9.2)
static inline MPI_Op CMPI_MAX(void) { return MPI_MAX; }
static inline MPI_Op CMPI_MIN(void) { return MPI_MIN; }
static inline MPI_Op CMPI_SUM(void) { return MPI_SUM; }
static inline MPI_Op CMPI_PROD(void) { return MPI_PROD; }
static inline MPI_Op CMPI_LAND(void) { return MPI_LAND; }
static inline MPI_Op CMPI_LOR(void) { return MPI_LOR; }
static inline MPI_Op CMPI_LXOR(void) { return MPI_LXOR; }
static inline MPI_Op CMPI_BAND(void) { return MPI_BAND; }
static inline MPI_Op CMPI_BOR(void) { return MPI_BOR; }
static inline MPI_Op CMPI_BXOR(void) { return MPI_BXOR; }
static inline MPI_Op CMPI_MINLOC(void) { return MPI_MINLOC; }
static inline MPI_Op CMPI_MAXLOC(void) { return MPI_MAXLOC; }
static inline MPI_Op CMPI_OP_NULL(void) { return MPI_OP_NULL; }
typedef MPI_User_function *CMPI_User_function;

// Integer constants that are casts in one implementation and enumerators in another (§3.2, §8.3)
static inline int CMPI_PROC_NULL(void) { return MPI_PROC_NULL; }
static inline int CMPI_ANY_SOURCE(void) { return MPI_ANY_SOURCE; }
static inline int CMPI_ANY_TAG(void) { return MPI_ANY_TAG; }
static inline int CMPI_ROOT(void) { return MPI_ROOT; }
static inline int CMPI_UNDEFINED(void) { return MPI_UNDEFINED; }
static inline int CMPI_COMM_TYPE_SHARED(void) { return MPI_COMM_TYPE_SHARED; }

// Results of comparing groups or communicators (§6.3.1, §6.4.1), kinds of topologies (§7.5.5)
static inline int CMPI_IDENT(void) { return MPI_IDENT; }
static inline int CMPI_CONGRUENT(void) { return MPI_CONGRUENT; }
static inline int CMPI_SIMILAR(void) { return MPI_SIMILAR; }
static inline int CMPI_CART(void) { return MPI_CART; }
static inline int CMPI_GRAPH(void) { return MPI_GRAPH; }
static inline int CMPI_DIST_GRAPH(void) { return MPI_DIST_GRAPH; }

// Keys of the predefined attributes (§8.1.2, §10.5)
static inline int CMPI_TAG_UB(void) { return MPI_TAG_UB; }
static inline int CMPI_HOST(void) { return MPI_HOST; }
static inline int CMPI_IO(void) { return MPI_IO; }
static inline int CMPI_WTIME_IS_GLOBAL(void) { return MPI_WTIME_IS_GLOBAL; }
static inline int CMPI_UNIVERSE_SIZE(void) { return MPI_UNIVERSE_SIZE; }
static inline int CMPI_APPNUM(void) { return MPI_APPNUM; }
static inline int CMPI_LASTUSEDCODE(void) { return MPI_LASTUSEDCODE; }

// The major version of Open MPI; 0 for any other MPI
static inline int CMPI_OPEN_MPI_MAJOR(void) {
#ifdef OMPI_MAJOR_VERSION
    return OMPI_MAJOR_VERSION;
#else
    return 0;
#endif
}

// Whether this is MPICH or one of its derivatives
static inline int CMPI_IS_MPICH(void) {
#ifdef MPICH_NUMVERSION
    return 1;
#else
    return 0;
#endif
}

// Calls with counts beyond a C int (MPI-4.0 §2.5.8), if the library has them
#if MPI_VERSION >= 4
static inline int CMPI_HAS_LARGE_COUNTS(void) { return 1; }
#define CMPI_LARGE(call) (call)
#else
static inline int CMPI_HAS_LARGE_COUNTS(void) { return 0; }
#define CMPI_LARGE(call) MPI_ERR_UNSUPPORTED_OPERATION
#endif
static inline int CMPI_Gatherv_c(
    const void *sent, MPI_Count count, MPI_Datatype type, void *room, const MPI_Count *counts, const MPI_Aint *places,
    MPI_Datatype roomType, int root, MPI_Comm comm) {
    return CMPI_LARGE(MPI_Gatherv_c(sent, count, type, room, counts, places, roomType, root, comm));
}
static inline int CMPI_Igatherv_c(
    const void *sent, MPI_Count count, MPI_Datatype type, void *room, const MPI_Count *counts, const MPI_Aint *places,
    MPI_Datatype roomType, int root, MPI_Comm comm, MPI_Request *request) {
    return CMPI_LARGE(MPI_Igatherv_c(sent, count, type, room, counts, places, roomType, root, comm, request));
}
static inline int CMPI_Scatterv_c(
    const void *sent, const MPI_Count *counts, const MPI_Aint *places, MPI_Datatype type, void *room, MPI_Count count,
    MPI_Datatype roomType, int root, MPI_Comm comm) {
    return CMPI_LARGE(MPI_Scatterv_c(sent, counts, places, type, room, count, roomType, root, comm));
}
static inline int CMPI_Iscatterv_c(
    const void *sent, const MPI_Count *counts, const MPI_Aint *places, MPI_Datatype type, void *room, MPI_Count count,
    MPI_Datatype roomType, int root, MPI_Comm comm, MPI_Request *request) {
    return CMPI_LARGE(MPI_Iscatterv_c(sent, counts, places, type, room, count, roomType, root, comm, request));
}
static inline int CMPI_Allgatherv_c(
    const void *sent, MPI_Count count, MPI_Datatype type, void *room, const MPI_Count *counts, const MPI_Aint *places,
    MPI_Datatype roomType, MPI_Comm comm) {
    return CMPI_LARGE(MPI_Allgatherv_c(sent, count, type, room, counts, places, roomType, comm));
}
static inline int CMPI_Iallgatherv_c(
    const void *sent, MPI_Count count, MPI_Datatype type, void *room, const MPI_Count *counts, const MPI_Aint *places,
    MPI_Datatype roomType, MPI_Comm comm, MPI_Request *request) {
    return CMPI_LARGE(MPI_Iallgatherv_c(sent, count, type, room, counts, places, roomType, comm, request));
}
static inline int CMPI_Alltoallv_c(
    const void *sent, const MPI_Count *counts, const MPI_Aint *places, MPI_Datatype type, void *room,
    const MPI_Count *roomCounts, const MPI_Aint *roomPlaces, MPI_Datatype roomType, MPI_Comm comm) {
    return CMPI_LARGE(MPI_Alltoallv_c(sent, counts, places, type, room, roomCounts, roomPlaces, roomType, comm));
}
static inline int CMPI_Ialltoallv_c(
    const void *sent, const MPI_Count *counts, const MPI_Aint *places, MPI_Datatype type, void *room,
    const MPI_Count *roomCounts, const MPI_Aint *roomPlaces, MPI_Datatype roomType, MPI_Comm comm,
    MPI_Request *request) {
    return CMPI_LARGE(
        MPI_Ialltoallv_c(sent, counts, places, type, room, roomCounts, roomPlaces, roomType, comm, request));
}
static inline int CMPI_Neighbor_allgatherv_c(
    const void *sent, MPI_Count count, MPI_Datatype type, void *room, const MPI_Count *counts, const MPI_Aint *places,
    MPI_Datatype roomType, MPI_Comm comm) {
    return CMPI_LARGE(MPI_Neighbor_allgatherv_c(sent, count, type, room, counts, places, roomType, comm));
}
static inline int CMPI_Ineighbor_allgatherv_c(
    const void *sent, MPI_Count count, MPI_Datatype type, void *room, const MPI_Count *counts, const MPI_Aint *places,
    MPI_Datatype roomType, MPI_Comm comm, MPI_Request *request) {
    return CMPI_LARGE(MPI_Ineighbor_allgatherv_c(sent, count, type, room, counts, places, roomType, comm, request));
}
static inline int CMPI_Neighbor_alltoallv_c(
    const void *sent, const MPI_Count *counts, const MPI_Aint *places, MPI_Datatype type, void *room,
    const MPI_Count *roomCounts, const MPI_Aint *roomPlaces, MPI_Datatype roomType, MPI_Comm comm) {
    return CMPI_LARGE(
        MPI_Neighbor_alltoallv_c(sent, counts, places, type, room, roomCounts, roomPlaces, roomType, comm));
}
static inline int CMPI_Ineighbor_alltoallv_c(
    const void *sent, const MPI_Count *counts, const MPI_Aint *places, MPI_Datatype type, void *room,
    const MPI_Count *roomCounts, const MPI_Aint *roomPlaces, MPI_Datatype roomType, MPI_Comm comm,
    MPI_Request *request) {
    return CMPI_LARGE(
        MPI_Ineighbor_alltoallv_c(sent, counts, places, type, room, roomCounts, roomPlaces, roomType, comm, request));
}
#undef CMPI_LARGE

// The neighborhood all-to-all with layouts, by the large-count call if the library has it: in the other call, MPICH 4.0
// converts the C ints as if a rank received from as many ranks as it sends to
#if MPI_VERSION >= 4
typedef MPI_Count CMPI_Neighbor_count;
#define CMPI_NEIGHBOR(call) call##_c
#else
typedef int CMPI_Neighbor_count;
#define CMPI_NEIGHBOR(call) call
#endif
static inline int CMPI_Neighbor_alltoallw(
    const void *sent, const CMPI_Neighbor_count *counts, const MPI_Aint *places, const MPI_Datatype *types, void *room,
    const CMPI_Neighbor_count *roomCounts, const MPI_Aint *roomPlaces, const MPI_Datatype *roomTypes, MPI_Comm comm) {
    return CMPI_NEIGHBOR(MPI_Neighbor_alltoallw)(
        sent, counts, places, types, room, roomCounts, roomPlaces, roomTypes, comm);
}
static inline int CMPI_Ineighbor_alltoallw(
    const void *sent, const CMPI_Neighbor_count *counts, const MPI_Aint *places, const MPI_Datatype *types, void *room,
    const CMPI_Neighbor_count *roomCounts, const MPI_Aint *roomPlaces, const MPI_Datatype *roomTypes, MPI_Comm comm,
    MPI_Request *request) {
    return CMPI_NEIGHBOR(MPI_Ineighbor_alltoallw)(
        sent, counts, places, types, room, roomCounts, roomPlaces, roomTypes, comm, request);
}

// Persistent collectives: part of MPI-4, and an extension in earlier versions of Open MPI
#if MPI_VERSION >= 4
#define CMPI_PERSISTENT(call) CMPI_NEIGHBOR(MPI_##call)
static inline int CMPI_HAS_PERSISTENT_COLLECTIVES(void) { return 1; }
#elif defined(OMPI_HAVE_MPI_EXT_PCOLLREQ)
#define CMPI_PERSISTENT(call) MPIX_##call
static inline int CMPI_HAS_PERSISTENT_COLLECTIVES(void) { return 1; }
#else
static inline int CMPI_HAS_PERSISTENT_COLLECTIVES(void) { return 0; }
#endif
static inline int CMPI_Neighbor_alltoallw_init(
    const void *sent, const CMPI_Neighbor_count *counts, const MPI_Aint *places, const MPI_Datatype *types, void *room,
    const CMPI_Neighbor_count *roomCounts, const MPI_Aint *roomPlaces, const MPI_Datatype *roomTypes, MPI_Comm comm,
    MPI_Request *request) {
#ifdef CMPI_PERSISTENT
    return CMPI_PERSISTENT(Neighbor_alltoallw_init)(
        sent, counts, places, types, room, roomCounts, roomPlaces, roomTypes, comm, MPI_INFO_NULL, request);
#else
    return MPI_ERR_OTHER;
#endif
}
#undef CMPI_PERSISTENT
#undef CMPI_NEIGHBOR

#endif
