using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Webhooks;

/// <summary>
/// A notification as GitLab's pipeline trigger takes it (<c>POST /projects/:id/trigger/pipeline</c>): a form with the token, the ref, and what happened as
/// variables of the pipeline.
/// </summary>
public static class GitLabTrigger
{
    /// <param name="body">DTR's envelope.</param>
    /// <param name="token">The trigger's token.</param>
    /// <param name="reference">The branch or tag whose pipeline is started.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Form(string body, string token, string reference)
    {
        var envelope = (JsonObject)KubernetesJson.Parse(System.Text.Encoding.UTF8.GetBytes(body))!;
        var contents = envelope.Object("contents") ?? [];
        var form = new List<KeyValuePair<string, string>> { new("token", token), new("ref", reference) };
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                form.Add(new($"variables[{name}]", value));
            }
        }

        Add("IMAGE_EVENT", envelope.String("type"));
        Add("IMAGE_DIGEST", contents.String("digest"));
        Add("IMAGE_REPOSITORY", contents.String("targetRepository") ?? Repository(contents));
        Add("IMAGE_TAG", contents.String("targetTag") ?? contents.String("tag"));
        Add("IMAGE_NAME", contents.String("imageName"));
        Add("SOURCE_REPOSITORY", contents.String("sourceRepository"));
        Add("SOURCE_TAG", contents.String("sourceTag"));
        Add("PROMOTION_POLICY", contents.String("promotionPolicyID"));
        return form;
    }

    private static string? Repository(JsonObject contents) =>
        contents.String("namespace") is { } space && contents.String("repository") is { } name ? $"{space}/{name}" : null;
}
