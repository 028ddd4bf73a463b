using System.Numerics;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Portcullis.Tools.Fuzzing;

/// <summary>
/// Which branches of instrumented code an input took, and about how often (AFL's counts: 1, 2, 3, 4, 8, 16, 32, 128 times). Code that is not
/// instrumented leaves it empty.
/// </summary>
internal sealed unsafe class BranchMap
{
    private const int Size = 65536;
    private readonly byte* _hits = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _known = new byte[Size];

    /// <summary>Instrumented code writes here from now on.</summary>
    public void Use() => Trace.SharedMem = _hits;

    public void Clear()
    {
        new Span<byte>(_hits, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the last input did what none before it did.</summary>
    public bool TakeNew()
    {
        var isNew = false;
        var hits = new Span<byte>(_hits, Size);
        for (var i = hits.IndexOfAnyExcept((byte)0); i >= 0;)
        {
            var bucket = (byte)(1 << Math.Min(7, BitOperations.Log2(hits[i])));
            if ((_known[i] & bucket) == 0)
            {
                _known[i] |= bucket;
                isNew = true;
            }

            var next = hits[(i + 1)..].IndexOfAnyExcept((byte)0);
            i = next < 0 ? -1 : i + 1 + next;
        }

        return isNew;
    }

    public int Branches => _known.Count(k => k != 0);
}
