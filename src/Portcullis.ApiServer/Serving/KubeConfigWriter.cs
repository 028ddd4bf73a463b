using System.Text;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Yaml;

namespace Portcullis.ApiServer.Serving;

/// <summary>Writes a kubeconfig (0600) that names this server, its CA and one bearer token.</summary>
internal static class KubeConfigWriter
{
    public static void Write(string path, Uri server, string caPem, string user, string token)
    {
        var config = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(new JsonObject
            {
                ["name"] = "portcullis",
                ["cluster"] = new JsonObject
                {
                    ["server"] = server.ToString().TrimEnd('/'),
                    ["certificate-authority-data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(caPem)),
                },
            }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = user, ["user"] = new JsonObject { ["token"] = token } }),
            ["contexts"] = new JsonArray(new JsonObject
            {
                ["name"] = "portcullis",
                ["context"] = new JsonObject { ["cluster"] = "portcullis", ["user"] = user },
            }),
            ["current-context"] = "portcullis",
        };
        PrivateFile.Replace(path, Encoding.UTF8.GetBytes(KubernetesYaml.Write(config)));
    }
}
