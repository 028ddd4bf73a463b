using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Patches;
using Portcullis.ApiServer.Selectors;
using Portcullis.ApiServer.Tables;
using Portcullis.Core.Sources;
using Portcullis.Http.Messages;
using Portcullis.Http.Retries;
using Portcullis.Objects.Json;
using Portcullis.Sources.Receive;

namespace Portcullis.Tools.Fuzzing;

/// <summary>What stands in requests, and in answers.</summary>
internal static class RequestTargets
{
    private static readonly ServedKind Pods = StandardKinds.Load().First(k => k.Resource.Kind == "Pod");

    /// <summary>An object, and a patch of each kind.</summary>
    public static void Patches(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        if (Json(parts[0]) is not JsonObject value || Json(parts[1]) is not { } patch)
        {
            return;
        }

        try
        {
            var patched = patch switch
            {
                JsonArray operations => JsonPatch.Apply(value, operations),
                JsonObject merge => MergePatch.Apply(value, merge),
                _ => value,
            };
            FuzzTargets.Expect(KubernetesJson.ToBytes(patched).Length < 64 * 1024 * 1024, "a small patch made a large object");
            if (patch is JsonObject strategic)
            {
                _ = StrategicMergePatch.Apply(value, strategic, Pods.Schema);
                _ = TypedCheck.Errors(strategic, Pods.Schema).ToList();
            }
        }
        catch (StatusException)
        {
        }
    }

    /// <summary>A label selector, a field selector, a JSONPath of a column, a body.</summary>
    public static void Selectors(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 4);
        var value = LenientJson.Read(Encoding.UTF8.GetBytes(parts[3]), []) as JsonObject ?? [];
        Ignoring(() => _ = LabelQuery.Parse(parts[0]).Matches(value));
        Ignoring(() => _ = FieldQuery.Parse(parts[1], Pods));
        Ignoring(() => _ = JsonPath.Parse(parts[2]).Find(value));
    }

    /// <summary>Headers as a forge, a client or a server sends them; the rest is the body.</summary>
    public static void Headers(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        var context = new DefaultHttpContext();
        using var response = new HttpResponseMessage();
        foreach (var line in parts[0].Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                context.Request.Headers[line[..colon]] = line[(colon + 1)..].Trim();
                _ = response.Headers.TryAddWithoutValidation(line[..colon], line[(colon + 1)..]);
            }
        }

        foreach (var type in Enum.GetValues<ReceiverType>())
        {
            FuzzTargets.Expect(!NotificationSignature.IsGood(type, context.Request.Headers, Encoding.UTF8.GetBytes(parts[1]), "a token that nobody can guess"), "a signature was guessed");
        }

        _ = NotificationSignature.IdOf(context.Request.Headers);
        _ = Representation.Negotiate(context.Request);
        _ = ServerPause.Of(response, DateTimeOffset.UnixEpoch);
        _ = MessageSanitizer.Clean(parts[1]);
    }

    private static JsonNode? Json(string text)
    {
        try
        {
            return KubernetesJson.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A refusal is an answer.</summary>
    private static void Ignoring(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is StatusException or FormatException)
        {
        }
    }
}
