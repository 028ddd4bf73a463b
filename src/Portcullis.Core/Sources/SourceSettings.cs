using Portcullis.Objects.Json;

namespace Portcullis.Core.Sources;

/// <summary>A GitSource's settings with the defaults that its field descriptions promise.</summary>
public static class SourceSettings
{
    public static TimeSpan Interval(this GitSourceSpec spec) => KubernetesDuration.Parse(spec.Interval) ?? TimeSpan.FromMinutes(1);

    public static TimeSpan GitTimeout(this GitSourceSpec spec) => KubernetesDuration.Parse(spec.Timeout) ?? TimeSpan.FromSeconds(60);

    public static TimeSpan RetryAfter(this GitSourceSpec spec) => KubernetesDuration.Parse(spec.RetryInterval) ?? TimeSpan.FromSeconds(15);

    /// <summary>The folder to read, as git writes paths: no slash at either end.</summary>
    public static string Folder(this GitSourceSpec spec) =>
        string.Join('/', (spec.Path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."));

    /// <summary>What is followed, in one line: a change of it is a change of mind, and may change history.</summary>
    public static string Observed(this GitSourceSpec spec) => (spec.Ref ?? new GitReference()) switch
    {
        { Commit: { } commit } => $"{spec.Url} commit {commit}",
        { Semver: { } range } => $"{spec.Url} semver {range}",
        { Tag: { } tag } => $"{spec.Url} tag {tag}",
        var reference => $"{spec.Url} branch {reference.Branch ?? "main"}",
    };
}
