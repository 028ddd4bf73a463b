namespace Portcullis.Core.Declarations;

/// <summary>
/// Decides whether an object may be acted upon (design law 1). The source says so where its revision is known to this process; until then, and in
/// processes that read no Git, the object's status says what was confirmed last.
/// </summary>
public static class DeclarationJudge
{
    private const string ApplierPrefix = "applier ";

    /// <summary>How a trusted applier is named as a source. No GitSource can have such a name.</summary>
    public static string SourceOf(string applier) => ApplierPrefix + applier;

    /// <summary>The applier that a source's name stands for; null when it stands for a GitSource.</summary>
    public static string? ApplierOf(string? source) =>
        source?.StartsWith(ApplierPrefix, StringComparison.Ordinal) == true ? source[ApplierPrefix.Length..] : null;

    public static DeclarationState Judge(DeclarationFacts facts)
    {
        if (facts.Applier is { } applier)
        {
            return new DeclarationState.Confirmed(new Declaration { Generation = facts.Generation, Source = SourceOf(applier) });
        }

        if (facts.WasApplied)
        {
            return new DeclarationState.Edited(facts.Reported!.Source);
        }

        var state = OfSource(facts);
        return facts.IsAllowed && state is DeclarationState.Undeclared undeclared
            ? new DeclarationState.Confirmed(null, $"{undeclared.Message}; acted upon because of --allow-undeclared")
            : state;
    }

    private static DeclarationState OfSource(DeclarationFacts facts)
    {
        if (facts.Source is not { } source)
        {
            return new DeclarationState.Undeclared("no GitSource declares it; declare it in Git");
        }

        if (!facts.HasSource)
        {
            return new DeclarationState.Undeclared($"the GitSource {source}, which it is labelled with or which declared it, does not exist; declare it in Git");
        }

        return facts switch
        {
            { IsSourceSettled: false } => new DeclarationState.Unknown($"waits until it is known what Git declares of the GitSource {source}"),
            { IsLoaded: true, IsDeclared: false } => new DeclarationState.Undeclared($"the GitSource {source} does not declare it; declare it in Git"),
            { IsLoaded: true } => facts.Confirmed is { } confirmed && confirmed.Uid == facts.Uid && confirmed.Generation == facts.Generation
                ? new DeclarationState.Confirmed(new Declaration { Generation = confirmed.Generation, Commit = confirmed.Commit, Source = source })
                : new DeclarationState.Edited(source),
            { Reported: { } reported } when reported.Source == source && reported.Generation == facts.Generation => new DeclarationState.Confirmed(reported),
            _ => new DeclarationState.Unknown($"it is not known yet whether it is as the GitSource {source} declares it: no revision of that source is loaded"),
        };
    }
}
