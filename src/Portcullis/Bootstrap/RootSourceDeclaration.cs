using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Bootstrap;

/// <summary>The one GitSource that no other declares: it may declare everything, and stands in the operator's start parameters. What is empty is left to the defaults.</summary>
internal sealed record RootSourceDeclaration(string Name, string Url)
{
    public string Branch { get; init; } = "";

    public string Path { get; init; } = "";

    public string Interval { get; init; } = "1m";

    /// <summary>Applies it and asks for a reconciliation now. The value returned appears as <c>status.lastHandledReconcileAt</c> once that is done.</summary>
    public async Task<string> DeclareAsync(KubernetesClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var request = now.ToString("O", CultureInfo.InvariantCulture);
        await client.ApplyAsync(
            GitSource.Definition,
            new JsonObject
            {
                ["apiVersion"] = GitSource.Definition.ApiVersion,
                ["kind"] = GitSource.Definition.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = Name,
                    ["annotations"] = new JsonObject { [WellKnown.Annotations.RequestedAt] = request },
                },
                ["spec"] = Spec(),
            },
            ClusterBootstrap.Writer,
            cancellationToken);
        return request;
    }

    private JsonObject Spec()
    {
        var spec = new JsonObject { ["url"] = Url, ["interval"] = Interval };
        if (Branch.Length > 0)
        {
            spec["ref"] = new JsonObject { ["branch"] = Branch };
        }

        if (Path.Length > 0)
        {
            spec["path"] = Path;
        }

        return spec;
    }
}
