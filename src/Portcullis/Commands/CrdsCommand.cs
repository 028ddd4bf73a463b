using System.CommandLine;
using System.Text.Json.Nodes;
using Portcullis.Kinds;
using Portcullis.Objects.Yaml;
using Portcullis.Schemas.Crds;

namespace Portcullis.Commands;

/// <summary><c>portcullis crds</c>: writes the CustomResourceDefinitions, which are generated from the C# types.</summary>
internal static class CrdsCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--out", "-o") { Description = "The folder to write to.", DefaultValueFactory = _ => "crds", HelpName = "DIR" };
        var print = new Option<bool>("--print") { Description = "Print all of them as one YAML stream instead of writing files." };
        var reference = new Option<string?>("--reference") { Description = "Write a reference of all fields to this folder instead, as pages in Markdown.", HelpName = "DIR" };
        var command = new Command("crds", "Write the CustomResourceDefinitions of every kind.") { folder, print, reference };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(print))
            {
                output.Write(string.Join("---\n", Crds().Select(f => f.Yaml)));
                return;
            }

            Write(parsed.GetValue(reference) ?? parsed.GetRequiredValue(folder), parsed.GetValue(reference) is null ? Files() : Reference(), output);
        });
        return command.WithExamples("portcullis crds", "portcullis crds --print | kubectl apply -f -", "portcullis crds --reference docs/api");
    }

    /// <summary>Everything in the folder: each CRD, and the list of them that <c>kubectl apply -k</c> reads.</summary>
    public static IEnumerable<(string Name, string Yaml)> Files() => Crds().Append(("kustomization.yaml", Kustomization()));

    /// <summary>A page for each kind, and the one that leads to them.</summary>
    public static IEnumerable<(string Name, string Text)> Reference()
    {
        var crds = Kinds().Select(k => k.Crd).ToList();
        return crds.Select(c => (ApiReference.FileOf(c), ApiReference.Page(c))).Append(("README.md", ApiReference.Index(crds)));
    }

    private static void Write(string folder, IEnumerable<(string Name, string Text)> files, TextWriter output)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in files)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, text);
            output.WriteLine(path);
        }
    }

    private static string Kustomization() =>
        "# Written by: portcullis crds\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
        + string.Concat(Crds().Select(f => f.Name).Order(StringComparer.Ordinal).Select(name => $"  - {name}\n"));

    private static IEnumerable<(string Name, string Yaml)> Crds() => Kinds().Select(k => ($"{k.Plural}.yaml", KubernetesYaml.Write(k.Crd)));

    private static IEnumerable<(string Plural, JsonObject Crd)> Kinds() =>
        Catalog.Default.Kinds.All.Select(kind => (kind.Resource.Plural, CrdWriter.Crd(kind.Resource, kind.Options, kind.Type)));
}
