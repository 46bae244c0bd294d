/* Windows has this library since version 7; Wine 8, Debian's, lacks it. Rust's standard library takes its random numbers
   from it. For tests alone: an installed station finds Windows' own. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return RtlGenRandom(data, (ULONG)length);
}
