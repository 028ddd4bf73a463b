using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>A decision with what it was made from. What verifiers found is not held here: they keep it, and drop it to save memory.</summary>
internal sealed class KeptDecision(SigningDecision decision, IReadOnlyDictionary<SignatureVerifier, TrustFinding> found)
{
    private readonly (SignatureVerifier Verifier, WeakReference<TrustFinding> Finding)[] _found = [.. found.Select(f => (f.Key, new WeakReference<TrustFinding>(f.Value)))];

    private readonly DateTimeOffset _until = found.Values.OfType<TrustFinding.Verified>().Select(v => v.Trust.ExpiresAt).DefaultIfEmpty(DateTimeOffset.MinValue).Min();

    public SigningDecision Decision => decision;

    /// <summary>Whether the same findings are still valid.</summary>
    public bool HoldsFor(IReadOnlyDictionary<SignatureVerifier, TrustFinding> now, DateTimeOffset time) =>
        time < _until && now.Count == _found.Length && Array.TrueForAll(
            _found, f => now.TryGetValue(f.Verifier, out var finding) && f.Finding.TryGetTarget(out var before) && ReferenceEquals(before, finding));
}
