using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;
using Portcullis.Sources.Apply;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Validate;

/// <summary>
/// The server's own judgement, by dry run, of kinds whose schema is not ours. Only what would be written is tried, so an unchanged
/// repository asks nothing. A refusal by policy (a webhook, a quota) is not the manifest's fault and does not keep the revision out;
/// nor is the server asked about a kind whose definition this revision brings or changes: it would judge by the old one, or by none
/// (<see cref="CustomKindRule"/> has judged by the new one).
/// </summary>
internal sealed partial class ServerValidation(KubernetesClient client, KindSet kinds, ParallelRequests requests)
{
    /// <param name="source">Who would write the objects.</param>
    /// <param name="content">The revision; nothing else is wrong with it.</param>
    /// <param name="isInForce">Whether an object would not be written, because it is as declared.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<IReadOnlyList<RevisionProblem>> CheckAsync(
        string source, RevisionContent content, Func<RevisionObject, bool> isInForce, CancellationToken cancellationToken)
    {
        var problems = new List<RevisionProblem>();
        var arriving = content.Objects.Where(o => o.Resource.QualifiedPlural == ClusterKinds.CustomResourceDefinition.QualifiedPlural && !isInForce(o))
            .SelectMany(o => DeclaredKinds.Of(o.Manifest.ToObject()))
            .Select(r => (r.Group, r.Kind))
            .ToHashSet();
        var tried = content.Objects.Where(o =>
            !PlainKinds.Knows(o.Manifest.ApiVersion, o.Manifest.Kind)
            && kinds.Find(o.Manifest.ApiVersion, o.Manifest.Kind) is null
            && !arriving.Contains((o.Resource.Group, o.Resource.Kind))
            && !isInForce(o));
        await requests.ForEachAsync(
            tried.ToList(),
            async (one, token) =>
            {
                var write = new WriteOptions(WellKnown.Managers.GitSources) { DryRun = true, FieldValidation = "Strict" };
                try
                {
                    await TryAsync(one, ObjectBody.For(one, source, new ObjectStamp(new string('0', 40), "", "")), write, token);
                }
                catch (KubernetesApiException e) when ((int)e.StatusCode is 400 or 422 || DoesNotFit(e))
                {
                    lock (problems)
                    {
                        problems.AddRange(Problems(one, e));
                    }
                }
                catch (KubernetesApiException e) when (e.IsNotFound && e.Reason.Length == 0)
                {
                    // No object is missing but the path: the kind was there once, and is known from then.
                    lock (problems)
                    {
                        problems.Add(new RevisionProblem(
                            new SourcePosition(one.File.Path, one.File.File.LineOf(one.Manifest, "kind")),
                            $"there is no kind {one.Manifest.Kind} in {one.Manifest.ApiVersion}"));
                    }
                }
                catch (KubernetesApiException e) when (!e.IsTransient)
                {
                    // Refused for what the cluster holds now: reported for the object when it is applied.
                }
            },
            cancellationToken);
        return RevisionProblem.InOrder(problems);
    }

    /// <summary>
    /// An object of a namespace that this very revision makes is tried where there is one: its fields are the same there. What only its own
    /// namespace could refuse is reported when it is applied.
    /// </summary>
    private async Task TryAsync(RevisionObject one, JsonObject body, WriteOptions write, CancellationToken cancellationToken)
    {
        try
        {
            await client.ApplyAsync(one.Resource, body, write, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsNotFound && one.Resource.Namespaced && e.Status.Object("details").String("kind") == "namespaces")
        {
            var metadata = body.Object("metadata")!;
            metadata["namespace"] = WellKnown.SystemNamespace;
            if (await client.GetAsync(one.Resource, new ObjectKey(WellKnown.SystemNamespace, one.Manifest.Key.Name), cancellationToken) is null)
            {
                await client.ApplyAsync(one.Resource, body, write, cancellationToken);
            }
        }
    }

    /// <summary>
    /// An applied object that does not fit its kind's schema is answered with 500 and no reason (structured-merge-diff's error passes
    /// the server as it is), so only the words tell it from a server in trouble.
    /// </summary>
    private static bool DoesNotFit(KubernetesApiException refusal) =>
        (int)refusal.StatusCode == 500 && refusal.Reason.Length == 0 && refusal.Message.Contains("failed to create typed patch object", StringComparison.Ordinal);

    /// <summary>One for each field that the server names, at the field's line; else one for the object.</summary>
    private static IEnumerable<RevisionProblem> Problems(RevisionObject one, KubernetesApiException refusal)
    {
        var causes = (refusal.Status.Object("details").Array("causes") ?? [])
            .Select(c => (Field: c.String("field"), Message: c.String("message")))
            .Where(c => c.Field is not null && c.Message is not null)
            .Select(c => (c.Field, Message: $"{c.Field}: {c.Message}"))
            .ToList();
        if (causes.Count == 0)
        {
            causes = [.. FieldsIn(refusal.Message)];
        }

        return causes.Count == 0
            ? [new RevisionProblem(one.Position, $"{one.Identity}: {refusal.Message}")]
            : causes.Select(c => new RevisionProblem(new SourcePosition(one.File.Path, one.File.File.LineOf(one.Manifest, c.Field!)), $"{one.Identity}: {c.Message}"));
    }

    /// <summary>Errors of decoding name their fields in words alone.</summary>
    private static IEnumerable<(string? Field, string Message)> FieldsIn(string message) =>
        UnknownField().Matches(message).Select(m => ((string?)m.Groups["field"].Value, $"{m.Groups["field"].Value}: unknown field"))
            .Concat(MisfitField().Matches(message).Select(m => ((string?)m.Groups["field"].Value, $"{m.Groups["field"].Value}: {m.Groups["what"].Value.TrimEnd()}")));

    [GeneratedRegex(@"unknown field ""(?<field>[^""\s]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownField();

    [GeneratedRegex(@"(?:^|\s)\.(?<field>[A-Za-z][^\s:]*): (?<what>field not declared in schema|expected [^\n]+)", RegexOptions.CultureInvariant)]
    private static partial Regex MisfitField();
}
