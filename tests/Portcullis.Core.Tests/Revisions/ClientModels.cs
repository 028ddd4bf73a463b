using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

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

    private static readonly HashSet<string> Namespaced = KindsOf("^CreateNamespaced(?<kind>[A-Za-z]+)WithHttpMessagesAsync$");

    private static readonly HashSet<string> Created = KindsOf("^Create(Namespaced)?(?<kind>[A-Za-z]+)WithHttpMessagesAsync$");

    /// <summary>Posted below another object.</summary>
    private static readonly HashSet<string> Subordinate = ["Binding", "Eviction", "TokenRequest"];

    public static string Write()
    {
        var lines = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (type, entity) in Kinds())
        {
            var name = string.IsNullOrEmpty(entity.Group) ? $"{entity.ApiVersion}/{entity.Kind}" : $"{entity.Group}/{entity.ApiVersion}/{entity.Kind}";
            Add(name, type, lines, p => !OfEveryObject.Contains(p));
            lines[name] = $" {Plural(entity)}{(Namespaced.Contains(entity.Kind) ? " namespaced" : "")}{lines[name]}";
        }

        var text = new StringBuilder("# The kinds of Kubernetes and their fields; written by BuiltInTypesTests, see docs/adr/0014.\n")
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

    /// <summary>Kinds that can be created, and none that only answer a question or stand below another object.</summary>
    private static IEnumerable<(Type Type, KubernetesEntityAttribute Entity)> Kinds() =>
        from type in typeof(V1Pod).Assembly.GetExportedTypes()
        let entity = type.GetCustomAttribute<KubernetesEntityAttribute>()
        where entity is not null && Created.Contains(entity.Kind) && !Subordinate.Contains(entity.Kind) && !entity.Kind.EndsWith("Review", StringComparison.Ordinal)
        select (type, entity);

    /// <summary>One kind has none in the package.</summary>
    private static string Plural(KubernetesEntityAttribute entity) =>
        string.IsNullOrEmpty(entity.PluralName) ? entity.Kind.ToLowerInvariant() + "s" : entity.PluralName;

    private static HashSet<string> KindsOf(string pattern) =>
    [
        .. typeof(V1Pod).Assembly.GetExportedTypes().Where(t => t.IsInterface).SelectMany(t => t.GetMethods()).Select(m => Regex.Match(m.Name, pattern))
            .Where(m => m.Success).Select(m => m.Groups["kind"].Value),
    ];

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
