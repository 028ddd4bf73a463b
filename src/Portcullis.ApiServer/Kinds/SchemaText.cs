using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Kinds;

/// <summary>
/// Reads the compact description of the built-in kinds (<c>Schemas/*.txt</c>; its language is described at the top of
/// <c>meta.txt</c>) into the schemas that pruning, strict decoding, server-side apply, strategic merge and explain share.
/// </summary>
internal sealed class SchemaText
{
    /// <summary>One text serves every server of a process; types are built when they are first asked for.</summary>
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TypeLines> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StructuralSchema> _built = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<int, string>> _numbers = new(StringComparer.Ordinal);

    /// <summary>Reads every embedded file.</summary>
    public static SchemaText Load()
    {
        var text = new SchemaText();
        var assembly = typeof(SchemaText).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("schemas/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            text.Read(reader.ReadToEnd());
        }

        return text;
    }

    /// <summary>The schema of a type, by name.</summary>
    public StructuralSchema this[string name]
    {
        get
        {
            lock (_gate)
            {
                if (!_built.TryGetValue(name, out var schema))
                {
                    _built[name] = schema = Build(_types[name]);
                }

                return schema;
            }
        }
    }

    /// <summary>What a type is, in a sentence.</summary>
    public string? Describe(string type) => _types.GetValueOrDefault(type)?.Description;

    /// <summary>The fields of a type by their Protobuf numbers; null when the type is not described for Protobuf.</summary>
    public IReadOnlyDictionary<int, string>? ProtobufFields(string type)
    {
        lock (_gate)
        {
            return _numbers.GetValueOrDefault(type);
        }
    }

    private static Dictionary<int, string> Numbers(TypeLines type)
    {
        var numbers = new Dictionary<int, string>();
        var next = 1;
        if (type.IsKind)
        {
            numbers[next++] = "metadata";
        }

        foreach (var field in type.Fields)
        {
            next = field.Number ?? next;
            numbers.Add(next++, field.Name);
        }

        return numbers;
    }

    private void Read(string text)
    {
        TypeLines? current = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] != ' ')
            {
                current = TypeLines.Parse(line);
                _types.Add(current.Name, current);
            }
            else
            {
                current!.Fields.Add(FieldLine.Parse(line));
            }
        }
    }

    private StructuralSchema Build(TypeLines type)
    {
        var properties = new Dictionary<string, StructuralSchema>(StringComparer.Ordinal);
        if (type.IsProtobuf)
        {
            _numbers[type.Name] = Numbers(type);
        }

        if (type.IsKind)
        {
            properties["apiVersion"] = KindFields.ApiVersion;
            properties["kind"] = KindFields.Kind;
            properties["metadata"] = this["ObjectMeta"] with { Presence = FieldPresence.Always, Description = KindFields.Metadata };
        }

        foreach (var field in type.Fields)
        {
            properties[field.Name] = Build(field);
        }

        return new StructuralSchema
        {
            Type = "object",
            TypeName = type.Name,
            Description = type.Description,
            Properties = properties,
            Required = type.Fields.Where(f => f.Required).Select(f => f.Name).ToList(),
            MapType = type.Atomic ? "atomic" : null,
        };
    }

    private StructuralSchema Build(FieldLine field)
    {
        var shape = Shape(field.Type);
        return shape with
        {
            Description = field.Description,
            Default = field.Default is null ? null : KubernetesJson.Parse(System.Text.Encoding.UTF8.GetBytes(field.Default)),
            Presence = field.Always ? FieldPresence.Always : field.Pointer ? FieldPresence.Optional : FieldPresence.OmitZero,
            ListType = shape.Type != "array" ? null : field.MapKeys.Length > 0 ? "map" : field.Set ? "set" : "atomic",
            ListMapKeys = field.MapKeys,
            MapType = field.Atomic && shape.Type == "object" ? "atomic" : shape.MapType,
            PatchMergeKey = string.IsNullOrEmpty(field.MergeKey) ? null : field.MergeKey,
            PatchStrategy = field.MergeKey is null ? null : "merge",
        };
    }

    private StructuralSchema Shape(string type) => type switch
    {
        _ when type.StartsWith("[]", StringComparison.Ordinal) => new() { Type = "array", Items = Shape(type[2..]) },
        _ when type.StartsWith("map[", StringComparison.Ordinal) => new() { Type = "object", AdditionalProperties = Shape(type[4..^1]) },
        "string" => new() { Type = "string" },
        "int32" or "int64" => new() { Type = "integer", Format = type },
        "float" => new() { Type = "number", Format = "double" },
        "bool" => new() { Type = "boolean" },
        "time" => new() { Type = "string", Format = "date-time" },
        "microtime" => new() { Type = "string", Format = "date-time" },
        "bytes" => new() { Type = "string", Format = "byte" },
        "quantity" => new() { Type = "string", Format = "quantity" },
        "intstr" => new() { IntOrString = true },
        "any" => new() { PreserveUnknownFields = true },
        "FieldsV1" => new() { PreserveUnknownFields = true, TypeName = "FieldsV1", Type = "object" },
        _ => this[type],
    };

    private sealed record TypeLines(string Name, string Description)
    {
        public bool IsKind { get; private set; }

        public bool Atomic { get; private set; }

        public bool IsProtobuf { get; private set; }

        public List<FieldLine> Fields { get; } = [];

        public static TypeLines Parse(string line)
        {
            var words = line.TrimEnd().Split(' ').ToList();
            var flags = new HashSet<string>(StringComparer.Ordinal);
            while (words[^1] is "kind" or "atomic" or "proto")
            {
                flags.Add(words[^1]);
                words.RemoveAt(words.Count - 1);
            }

            return new TypeLines(words[0], string.Join(' ', words.Skip(1)))
            {
                IsKind = flags.Contains("kind"),
                Atomic = flags.Contains("atomic"),
                IsProtobuf = flags.Contains("proto"),
            };
        }
    }

    private sealed record FieldLine(string Name, string Type)
    {
        public bool Pointer { get; private init; }

        public bool Always { get; private init; }

        public bool Required { get; private init; }

        public bool Set { get; private init; }

        public bool Atomic { get; private init; }

        public string? Default { get; private init; }

        public string? MergeKey { get; private init; }

        /// <summary>Its Protobuf number, where that is not one more than the field's before.</summary>
        public int? Number { get; private init; }

        public string[] MapKeys { get; private init; } = [];

        public string Description { get; private init; } = "";

        public static FieldLine Parse(string line)
        {
            var words = line.Trim().Split(' ', 3);
            var pointer = words[1].StartsWith('*');
            var field = new FieldLine(words[0], words[1].TrimStart('*')) { Pointer = pointer };
            var rest = words.Length > 2 ? words[2] : "";
            for (var end = rest.IndexOf(' ', StringComparison.Ordinal); end > 0 && TakeFlag(ref field, rest[..end]);)
            {
                rest = rest[(end + 1)..];
                end = rest.IndexOf(' ', StringComparison.Ordinal);
            }

            return field with { Description = rest.Trim().Replace("\\n", "\n", StringComparison.Ordinal) };
        }

        private static bool TakeFlag(ref FieldLine field, string word)
        {
            var next = word switch
            {
                "+" => field with { Always = true },
                "!" => field with { Required = true },
                "+!" => field with { Always = true, Required = true },
                "set" => field with { Set = true },
                "atomic" => field with { Atomic = true },
                _ when word[0] == '#' => field with { Number = int.Parse(word[1..], System.Globalization.CultureInfo.InvariantCulture) },
                _ when word[0] == '=' => field with { Default = word[1..] },
                _ when word.StartsWith("map:", StringComparison.Ordinal) => field with { MapKeys = word[4..].Split(',') },
                _ when word.StartsWith("merge:", StringComparison.Ordinal) => field with { MergeKey = word[6..] },
                _ => null,
            };
            field = next ?? field;
            return next is not null;
        }
    }
}

/// <summary>The fields that every object begins with.</summary>
internal static class KindFields
{
    public const string Metadata =
        "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    public static readonly StructuralSchema ApiVersion = new()
    {
        Type = "string",
        Presence = FieldPresence.OmitZero,
        Description = "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
    };

    public static readonly StructuralSchema Kind = new()
    {
        Type = "string",
        Presence = FieldPresence.OmitZero,
        Description = "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
    };
}
