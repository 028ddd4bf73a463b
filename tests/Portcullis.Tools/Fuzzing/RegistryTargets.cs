using System.Text;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;
using Portcullis.Core.Registries.Requests;

namespace Portcullis.Tools.Fuzzing;

/// <summary>What registries answer, and what their repositories and tags are called.</summary>
internal static class RegistryTargets
{
    private static readonly Uri Registry = new("https://registry.example.com/");

    /// <summary>A manifest, and the type that the registry says it has.</summary>
    public static void ImageManifest(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        var bytes = Encoding.UTF8.GetBytes(parts[0]);
        try
        {
            var view = ManifestView.Read(parts[1], bytes);
            FuzzTargets.Expect(view.Blobs.Concat(view.Manifests).All(d => ContentDigest.IsDigest(d.Digest) && d.Size >= 0), "a descriptor that nobody could follow");
            FuzzTargets.Expect(!view.IsIndex || !view.Blobs.Any(), "manifests and blobs at once");
            FuzzTargets.Expect(ManifestView.Read(view.MediaType, bytes).IsIndex == view.IsIndex, "read twice in two ways");
        }
        catch (RegistryException e)
        {
            FuzzTargets.Expect(e.Kind == RegistryFailure.Damaged, "refused as what it is not");
        }
    }

    /// <summary>Challenges, and links to a next page.</summary>
    public static void Headers(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        var challenges = ChallengeParser.Parse([parts[0]]);
        FuzzTargets.Expect(challenges.All(c => c.Scheme.Length > 0 && c.Parameters.Keys.All(k => k.Length > 0)), "a challenge without a name");
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Link", parts[1]);
        _ = NextLink.Of(response);
        response.Headers.TryAddWithoutValidation("Range", parts[1]);
        response.RequestMessage = new HttpRequestMessage(HttpMethod.Get, Registry);
        try
        {
            _ = UploadAnswers.Offset(response);
        }
        catch (RegistryException)
        {
            // Refused.
        }
    }

    /// <summary>A repository, and a tag or digest: what is taken is asked for as it stands.</summary>
    public static void Names(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        try
        {
            var path = RegistryPaths.Manifest(parts[0], parts[1]);
            FuzzTargets.Expect(new Uri(Registry, path).AbsoluteUri == $"{Registry}v2/{parts[0]}/manifests/{parts[1]}", "a name that leads elsewhere");
        }
        catch (RegistryException e)
        {
            FuzzTargets.Expect(e.Kind == RegistryFailure.Invalid, "refused as what it is not");
        }
    }

    /// <summary>A client's request to the gateway: method, path and query. What is forwarded is read again as the same request.</summary>
    public static void Requests(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 3);
        var request = RegistryRequestParser.Parse(parts[0], parts[1], parts[2]);
        _ = ContentRange.Parse(parts[2]);
        if (request.Target is not { } target)
        {
            return;
        }

        FuzzTargets.Expect(new Uri(Registry, target).PathAndQuery == target, "a target that a client of HTTP would change");
        FuzzTargets.Expect(target.StartsWith("/v2/", StringComparison.Ordinal), "a target that leads elsewhere");
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var again = RegistryRequestParser.Parse(parts[0], query < 0 ? target : target[..query], query < 0 ? null : target[query..]);
        FuzzTargets.Expect(again.GetType() == request.GetType() && again.Target == target, "read twice in two ways");
    }
}
