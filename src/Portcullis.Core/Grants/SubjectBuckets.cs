using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Access;

namespace Portcullis.Core.Grants;

/// <summary>
/// Spreads the subjects of one role in one namespace over RoleBindings of at most five hundred. Subjects are sorted by the bits of a hash of
/// their names; a binding that would overflow splits in two by the next bit. So the result depends on the set alone, and somebody who joins or
/// leaves changes one binding (or splits or joins a pair), never the rest.
/// </summary>
public static class SubjectBuckets
{
    public const int Capacity = 500;

    /// <summary>Each bucket with its bits (empty when one is enough) and its subjects in order.</summary>
    public static IReadOnlyList<(string Bits, IReadOnlyList<RbacSubject> Subjects)> Split(IEnumerable<RbacSubject> subjects, int capacity = Capacity)
    {
        var all = subjects.Distinct().Order().ToList();
        if (all.Count == 0)
        {
            return [];
        }

        if (all.Count <= capacity)
        {
            return [("", all)];
        }

        var result = new List<(string, IReadOnlyList<RbacSubject>)>();
        Split("", [.. all.Select(s => (Hash(s), s))], capacity, result);
        return result;
    }

    private static void Split(string bits, List<(ulong Hash, RbacSubject Subject)> subjects, int capacity, List<(string, IReadOnlyList<RbacSubject>)> result)
    {
        if (subjects.Count == 0)
        {
            return;
        }

        if (subjects.Count <= capacity || bits.Length == 64)
        {
            result.Add((bits, [.. subjects.Select(s => s.Subject)]));
            return;
        }

        var mask = 1UL << (63 - bits.Length);
        Split(bits + "0", [.. subjects.Where(s => (s.Hash & mask) == 0)], capacity, result);
        Split(bits + "1", [.. subjects.Where(s => (s.Hash & mask) != 0)], capacity, result);
    }

    private static ulong Hash(RbacSubject subject) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject.Kind}\n{subject.Namespace}\n{subject.Name}")));
}
