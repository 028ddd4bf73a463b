using System.CommandLine;
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
        var command = new Command("crds", "Write the CustomResourceDefinitions of every kind.") { folder, print };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(print))
            {
                output.Write(string.Join("---\n", Crds().Select(f => f.Yaml)));
                return;
            }

            var target = parsed.GetRequiredValue(folder);
            Directory.CreateDirectory(target);
            foreach (var (name, yaml) in Files())
            {
                var path = Path.Combine(target, name);
                File.WriteAllText(path, yaml);
                output.WriteLine(path);
            }
        });
        return command.WithExamples("portcullis crds", "portcullis crds --print | kubectl apply -f -");
    }

    /// <summary>Everything in the folder: each CRD, and the list of them that <c>kubectl apply -k</c> reads.</summary>
    public static IEnumerable<(string Name, string Yaml)> Files() => Crds().Append(("kustomization.yaml", Kustomization()));

    private static string Kustomization() =>
        "# Written by: portcullis crds\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
        + string.Concat(Crds().Select(f => f.Name).Order(StringComparer.Ordinal).Select(name => $"  - {name}\n"));

    private static IEnumerable<(string Name, string Yaml)> Crds() =>
        Catalog.Default.Kinds.All.Select(kind => (
            $"{kind.Resource.Plural}.yaml",
            KubernetesYaml.Write(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type))));
}
