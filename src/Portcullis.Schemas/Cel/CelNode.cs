namespace Portcullis.Schemas.Cel;

/// <summary>One node of an expression. The checker fills in <see cref="Type"/>; <see cref="Position"/> is where cel-go puts its errors (a call's parenthesis, an operator).</summary>
internal abstract class CelNode(CelPosition position)
{
    public CelPosition Position { get; } = position;

    public CelType Type { get; set; } = CelType.Dyn;
}

internal sealed class CelLiteral(CelPosition position, object? value) : CelNode(position)
{
    public object? Value { get; } = value;
}

/// <summary>A variable, or the name of a type. <see cref="Slot"/> is where the evaluator finds it; negative for a type's name.</summary>
internal sealed class CelIdentifier(CelPosition position, string name) : CelNode(position)
{
    public string Name { get; } = name;

    public int Slot { get; set; } = -1;

    public CelType? TypeValue { get; set; }
}

/// <summary><c>a.b</c>, <c>a.?b</c>, or <c>has(a.b)</c> when <see cref="TestOnly"/>.</summary>
internal sealed class CelSelect(CelPosition position, CelNode operand, string field, bool optional, bool testOnly) : CelNode(position)
{
    public CelNode Operand { get; } = operand;

    public string Field { get; } = field;

    public bool Optional { get; } = optional;

    public bool TestOnly { get; } = testOnly;

    /// <summary>Set when the whole is the name of a type (<c>google.protobuf.Timestamp</c>).</summary>
    public CelType? TypeValue { get; set; }
}

/// <summary>An operator, a function or a method. The checker leaves the overloads that may apply.</summary>
internal sealed class CelCall(CelPosition position, string function, CelNode? target, IReadOnlyList<CelNode> arguments) : CelNode(position)
{
    public string Function { get; set; } = function;

    /// <summary>Null for a global function, also after the checker found <c>a.b.f()</c> to be the function <c>a.b.f</c>.</summary>
    public CelNode? Target { get; set; } = target;

    public IReadOnlyList<CelNode> Arguments { get; } = arguments;

    public IReadOnlyList<CelOverload> Overloads { get; set; } = [];

    /// <summary>Target and arguments in the order in which overloads take them.</summary>
    public IReadOnlyList<CelNode> Operands { get; set; } = [];
}

internal sealed class CelListLiteral(CelPosition position, IReadOnlyList<CelNode> items, IReadOnlySet<int> optional) : CelNode(position)
{
    public IReadOnlyList<CelNode> Items { get; } = items;

    public IReadOnlySet<int> Optional { get; } = optional;
}

internal readonly record struct CelMapEntry(CelNode Key, CelNode Value, bool Optional);

internal sealed class CelMapLiteral(CelPosition position, IReadOnlyList<CelMapEntry> entries) : CelNode(position)
{
    public IReadOnlyList<CelMapEntry> Entries { get; } = entries;
}

internal enum CelMacroKind
{
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    TransformMap,
    TransformMapEntry,
    OptMap,
    OptFlatMap,
    SortBy,
}

/// <summary>A macro over a range: its variables (one or two), a condition and a transformation as the kind needs them.</summary>
internal sealed class CelMacro(CelPosition position, CelMacroKind kind, CelNode range, IReadOnlyList<string> variables, CelNode? condition, CelNode? result) : CelNode(position)
{
    public CelMacroKind Kind { get; } = kind;

    public CelNode Range { get; } = range;

    public IReadOnlyList<string> Variables { get; } = variables;

    public CelNode? Condition { get; } = condition;

    public CelNode? Result { get; } = result;

    /// <summary>The slot of the first variable; the second follows.</summary>
    public int Slot { get; set; }
}
