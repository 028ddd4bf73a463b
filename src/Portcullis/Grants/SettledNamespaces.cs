using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Access;

namespace Portcullis.Grants;

/// <summary>
/// Namespaces whose bindings say just what the model wants, as found or as made, so that of thousands of grants in one namespace each need
/// not look through all its bindings again, and a model that changed elsewhere costs a namespace no more than to work out what is wanted there.
/// Holds until what is wanted, anything that the watch shows besides our own writes, or (grants start and end) the time says otherwise.
/// </summary>
internal sealed class SettledNamespaces
{
    private readonly ConcurrentDictionary<string, Settled> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _doubts = new(StringComparer.Ordinal);
    private long _allDoubts;

    /// <summary>Taken before the bindings are read, handed to <see cref="Add"/> after: a change in between is then not missed.</summary>
    public Unchanged Mark(string @namespace) => new(@namespace, _doubts.GetValueOrDefault(@namespace) + Interlocked.Read(ref _allDoubts));

    public void Add(Unchanged mark, AccessModel model, DateTimeOffset now, IReadOnlyList<RoleInNamespace> wanted) =>
        _known[mark.Namespace] = new Settled(mark, model.Identity, Hash(wanted), model.NextChangeIn(mark.Namespace, now));

    /// <summary>Whether another model wants just what the one did with which the namespace was settled; then it is settled with this one too.</summary>
    public bool Confirm(Unchanged mark, AccessModel model, DateTimeOffset now, IReadOnlyList<RoleInNamespace> wanted)
    {
        if (!_known.TryGetValue(mark.Namespace, out var settled) || settled.Mark != mark || settled.Wanted != Hash(wanted))
        {
            return false;
        }

        _known[mark.Namespace] = settled with { Model = model.Identity, Until = model.NextChangeIn(mark.Namespace, now) };
        return true;
    }

    /// <summary>Somebody else changed something in it.</summary>
    public void Doubt(string @namespace) => _doubts.AddOrUpdate(@namespace, 1, (_, count) => count + 1);

    /// <summary>What a role gives changed beside the model.</summary>
    public void DoubtAll() => Interlocked.Increment(ref _allDoubts);

    public bool Contains(string @namespace, AccessModel model, DateTimeOffset now) =>
        _known.TryGetValue(@namespace, out var settled)
        && ReferenceEquals(settled.Model, model.Identity)
        && settled.Mark == Mark(@namespace)
        && !(now >= settled.Until);

    /// <summary>What is wanted may be thousands of subjects in each of thousands of namespaces: only its digest is kept.</summary>
    private static UInt128 Hash(IReadOnlyList<RoleInNamespace> wanted)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var role in wanted)
        {
            Append(hash, role.Role.ClusterRoleName, 'r');
            foreach (var subject in role.Subjects)
            {
                Append(hash, subject.ToString(), 's');
            }

            foreach (var subject in role.Paused)
            {
                Append(hash, subject.ToString(), 'p');
            }

            foreach (var grant in role.Grants)
            {
                Append(hash, grant, 'g');
            }
        }

        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private static void Append(IncrementalHash hash, string text, char kind) => hash.AppendData(Encoding.UTF8.GetBytes($"{kind}{text}\0"));

    /// <summary>A namespace, and how often it was in doubt until then.</summary>
    internal readonly record struct Unchanged(string Namespace, long Doubts);

    private sealed record Settled(Unchanged Mark, object Model, UInt128 Wanted, DateTimeOffset? Until);
}
