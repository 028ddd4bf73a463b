using Portcullis.Core.Repositories;

namespace Portcullis.Repositories.Ledger;

/// <summary>A change of one tag's entry, and the end that somebody waits for.</summary>
/// <param name="tag">The tag.</param>
/// <param name="change">See <see cref="TagLedgers.UpdateAsync"/>.</param>
/// <param name="cancellation">Of who waits: a change that nobody waits for is not begun.</param>
internal sealed class LedgerChange(string tag, Func<TagEntry?, TagEntry?> change, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<TagEntry?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TagEntry? _after;

    /// <summary>What is stored in the end.</summary>
    public Task<TagEntry?> Ended => _ended.Task.WaitAsync(cancellation);

    public bool IsGivenUp => cancellation.IsCancellationRequested;

    /// <summary>The entries with this change; the same list when it changes nothing. Done again when somebody else was first.</summary>
    public IReadOnlyList<TagEntry> ApplyTo(IReadOnlyList<TagEntry> entries)
    {
        var before = TagEntries.Find(entries, tag);
        _after = change(before);
        return ReferenceEquals(before, _after) ? entries : TagEntries.With(entries, tag, _after);
    }

    public void End() => _ended.TrySetResult(_after);

    public void Fail(Exception exception) => _ended.TrySetException(exception);
}
