using System.Collections.Concurrent;
using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;
using Portcullis.Signing;

namespace Portcullis.Tests.Signing;

/// <summary>Says of repositories what a test says of them; of others that they have no trust data.</summary>
internal sealed class FakeVerifier : IImageVerifier
{
    private readonly ConcurrentDictionary<string, TrustFinding> _findings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TrustFinding> _kept = new(StringComparer.Ordinal);
    private int _asked;
    private int _askedAfresh;

    public string Name => "notary";

    /// <summary>How often anything was asked that may have been kept.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>How often anything was asked afresh.</summary>
    public int AskedAfresh => Volatile.Read(ref _askedAfresh);

    /// <summary>Whether an answer is kept until somebody asks afresh.</summary>
    public bool Keeps { get; set; }

    public void Say(string repository, TrustFinding finding) => _findings[repository] = finding;

    /// <summary>Adds an entry to what is signed in a repository.</summary>
    public void Sign(string repository, string tag, string digest, string role, params string[] keys) => _findings.AddOrUpdate(
        repository,
        _ => Verified([new RoleTarget(role, tag, digest, 1234, keys)]),
        (_, before) => Verified([.. before is TrustFinding.Verified verified ? verified.Trust.Targets : [], new RoleTarget(role, tag, digest, 1234, keys)]));

    public ValueTask<TrustFinding> FindAsync(RepositoryId repository, Freshness freshness, CancellationToken cancellationToken)
    {
        if (freshness != Freshness.Kept)
        {
            Interlocked.Increment(ref _askedAfresh);
            return new ValueTask<TrustFinding>(_kept[repository.Name] = Now(repository.Name));
        }

        Interlocked.Increment(ref _asked);
        return new ValueTask<TrustFinding>(Keeps ? _kept.GetOrAdd(repository.Name, Now) : Now(repository.Name));
    }

    private TrustFinding Now(string repository) => _findings.GetValueOrDefault(repository) ?? new TrustFinding.Absent($"no TrustDelegation covers {repository}");

    private static TrustFinding.Verified Verified(IReadOnlyList<RoleTarget> targets) => new(new RepositoryTrust(targets, [], DateTimeOffset.MaxValue));
}
