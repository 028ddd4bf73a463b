namespace Portcullis.Core.Trust.Tuf;

/// <summary>Keys that are ready to verify, by their ids: the same keys sign again and again. For several threads at once.</summary>
/// <param name="capacity">How many keys are kept at most.</param>
public sealed class VerificationKeys(int capacity = VerificationKeys.UsualCapacity)
{
    /// <summary>Some tens of megabytes at most.</summary>
    public const int UsualCapacity = 4096;

    private readonly RecentlyUsed<VerificationKey> _keys = new(capacity);

    internal int Count => _keys.Count;

    internal VerificationKey Get(TufKey key) => _keys.Get(key.Id, () => VerificationKey.Of(key));
}
