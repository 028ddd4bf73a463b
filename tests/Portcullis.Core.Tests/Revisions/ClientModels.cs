using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Portcullis.Core.Revisions;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>
/// Writes the fields of the kinds of Kubernetes as <c>BuiltInTypes.txt</c> has them, from the models of KubernetesClient, which are generated
/// from the OpenAPI document of an API server (docs/adr/0014).
/// </summary>
internal static class ClientModels
{
    /// <summary>Judged apart: by the rules for metadata, and by the rule that nobody declares a status.</summary>
    private static readonly HashSet<string> OfEveryObject = ["apiVersion", "kind", "metadata", "status"];

    private static readonly Dictionary<Type, string> Scalars = new()
    {
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int32",
        [typeof(long)] = "int64",
        [typeof(double)] = "number",
        [typeof(DateTime)] = "time",
        [typeof(byte[])] = "bytes",
        [typeof(object)] = "any",
        [typeof(IntOrString)] = "intstr",
        [typeof(ResourceQuantity)] = "quantity",
    };

    public static string Write()
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, type) in Kinds())
        {
            Add(name, type, lines, p => !OfEveryObject.Contains(p));
        }

        var text = new StringBuilder("# The fields of the kinds of Kubernetes; written by BuiltInTypesTests, see docs/adr/0014.\n")
            .Append(CultureInfo.InvariantCulture, $"Kubernetes {Version.Parse(GeneratedApiVersion.SwaggerVersion.TrimStart('v')).ToString(2)}\n");
        foreach (var (name, fields) in lines)
        {
            text.Append(name).Append(fields).Append('\n');
        }

        return text.ToString();
    }

    public static bool Has(string type, string field) =>
        typeof(V1Pod).Assembly.GetType($"{typeof(V1Pod).Namespace}.{type}")?.GetProperties()
            .Any(p => p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name == field) == true;

    private static IEnumerable<(string Name, Type Type)> Kinds() =>
        from type in typeof(V1Pod).Assembly.GetExportedTypes()
        let entity = type.GetCustomAttribute<KubernetesEntityAttribute>()
        where entity is not null && !entity.Kind.EndsWith("List", StringComparison.Ordinal)
        let apiVersion = string.IsNullOrEmpty(entity.Group) ? entity.ApiVersion : $"{entity.Group}/{entity.ApiVersion}"
        where !string.IsNullOrEmpty(entity.PluralName) || BuiltInKinds.Find(apiVersion, entity.Kind) is not null
        select ($"{apiVersion}/{entity.Kind}", type);

    private static void Add(string name, Type type, SortedDictionary<string, string> lines, Func<string, bool> isTaken)
    {
        if (!lines.TryAdd(name, ""))
        {
            return;
        }

        var fields = new StringBuilder();
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name is { } field && isTaken(field))
            {
                fields.Append(' ').Append(field).Append(RequiredFields.Contains(type.Name, field) ? "!:" : ":").Append(Shape(property.PropertyType, lines));
            }
        }

        lines[name] = fields.ToString();
    }

    private static string Shape(Type type, SortedDictionary<string, string> lines)
    {
        if (Scalars.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out var scalar))
        {
            return scalar;
        }

        if (type.IsGenericType)
        {
            return type.GetGenericTypeDefinition() == typeof(IDictionary<,>)
                ? "{}" + Shape(type.GetGenericArguments()[1], lines)
                : "[]" + Shape(type.GetGenericArguments()[0], lines);
        }

        Add(type.Name, type, lines, _ => true);
        return type.Name;
    }
}
