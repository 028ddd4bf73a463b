namespace Portcullis.Uninstall;

/// <summary>One step of an uninstall: its removals run side by side, and one that fails stops neither the others nor the next step.</summary>
internal interface IRemovalStep
{
    /// <summary>What is removed, in the plural: <c>webhook configurations</c>.</summary>
    string Title { get; }

    /// <summary>What there is now of it. Finding changes nothing.</summary>
    Task<IReadOnlyList<Removal>> FindAsync(CancellationToken cancellationToken);
}
