namespace Portcullis.Kubernetes.Client;

/// <summary>The body and patch types of the Kubernetes API.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";

    /// <summary>JSON is YAML; this is the one type every server since 1.16 takes.</summary>
    public const string Apply = "application/apply-patch+yaml";

    public const string MergePatch = "application/merge-patch+json";

    /// <summary>Apply and merge patches state the result, and may be sent twice.</summary>
    public static bool IsIdempotentPatch(HttpRequestMessage request) =>
        request.Method == HttpMethod.Patch && request.Content?.Headers.ContentType?.MediaType is Apply or MergePatch;
}
