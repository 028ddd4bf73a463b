using Portcullis.Core.Versions;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Sources;

/// <summary>What is wrong with the fields of one GitSource, its scope aside; each with its field.</summary>
internal static class GitSourceCheck
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public static IEnumerable<(string Field, string Message)> Of(GitSourceSpec spec) =>
        OfReference(spec.Ref ?? new GitReference())
            .Concat(OfDuration("spec.interval", spec.Interval))
            .Concat(OfDuration("spec.timeout", spec.Timeout))
            .Concat(OfDuration("spec.retryInterval", spec.RetryInterval))
            .Concat(OfVerification(spec))
            .Concat(OfReceivers(spec.Receivers ?? []));

    private static IEnumerable<(string Field, string Message)> OfReference(GitReference reference)
    {
        foreach (var (field, prefix, name) in new[] { ("branch", "refs/heads/", reference.Branch), ("tag", "refs/tags/", reference.Tag) })
        {
            if (name?.StartsWith("refs/", StringComparison.Ordinal) == true)
            {
                var shorter = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : "its short name";
                yield return ($"spec.ref.{field}", $"\"{name}\" is a whole ref: write {shorter}");
            }
            else if (name is not null && !IsRefName(name))
            {
                yield return ($"spec.ref.{field}", $"\"{name}\" cannot name a {field} in Git");
            }
        }

        if (reference.Semver is { } range && VersionRange.Parse(range) is null)
        {
            yield return ("spec.ref.semver", $"\"{range}\" is not a version range such as >=1.0.0 <2.0.0, ^1.2 or 1.x");
        }
    }

    /// <summary>The rules of <c>git check-ref-format</c>.</summary>
    private static bool IsRefName(string name) =>
        name != "@" && !name.StartsWith('-') && !name.EndsWith('.')
        && !name.Contains("..", StringComparison.Ordinal) && !name.Contains("@{", StringComparison.Ordinal)
        && !name.Any(c => c <= ' ' || c is '\x7f' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
        && name.Split('/').All(part => part.Length > 0 && !part.StartsWith('.') && !part.EndsWith(".lock", StringComparison.Ordinal));

    private static IEnumerable<(string Field, string Message)> OfDuration(string field, string? text)
    {
        if (text is not null && !(KubernetesDuration.Parse(text) >= Shortest))
        {
            yield return (field, $"\"{text}\" is not a duration of at least 1s, such as 30s, 5m or 1h");
        }
    }

    private static IEnumerable<(string Field, string Message)> OfVerification(GitSourceSpec spec)
    {
        if (spec.Verify?.Mode is VerificationMode.Tag or VerificationMode.TagAndHEAD && spec.Ref is not ({ Tag: not null } or { Semver: not null }))
        {
            yield return ("spec.verify.mode", $"{spec.Verify.Mode} needs a tag to verify: set spec.ref.tag or spec.ref.semver");
        }
    }

    private static IEnumerable<(string Field, string Message)> OfReceivers(IReadOnlyList<GitReceiver> receivers)
    {
        for (var i = 0; i < receivers.Count; i++)
        {
            var one = receivers[i];
            if (receivers.Take(i).Any(r => r.Type == one.Type && r.SecretRef == one.SecretRef))
            {
                yield return ($"spec.receivers[{i}]", "has the type and the Secret of an earlier receiver: merge their events, or give it a Secret of its own");
            }
        }
    }
}
