using System.Reflection;
using System.Reflection.Emit;

namespace Portcullis.Tests.Architecture;

/// <summary>Which types a type uses: in its declaration, its members' signatures, its attributes and the code of its methods.</summary>
internal static class TypeUses
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const int SwitchEntry = 4;
    private const byte TwoByteCodes = 0xFE;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    public static IEnumerable<Type> Of(Type type) =>
        Declaration(type)
            .Concat(type.GetFields(Declared).SelectMany(f => Attributes(f).Append(f.FieldType)))
            .Concat(type.GetProperties(Declared).SelectMany(Attributes))
            .Concat(type.GetMethods(Declared).SelectMany(Method))
            .Concat(type.GetConstructors(Declared).SelectMany(Method))
            .SelectMany(Parts)
            .Distinct();

    private static IEnumerable<Type> Declaration(Type type) =>
        Attributes(type).Concat(type.GetInterfaces()).Concat(Constraints(type.GetGenericArguments())).Concat(type.BaseType is { } parent ? [parent] : []);

    private static IEnumerable<Type> Constraints(Type[] parameters) =>
        parameters.Where(p => p.IsGenericParameter).SelectMany(p => p.GetGenericParameterConstraints());

    private static IEnumerable<Type> Attributes(MemberInfo member) => member.CustomAttributes.SelectMany(a =>
        a.ConstructorArguments.Concat(a.NamedArguments.Select(n => n.TypedValue))
            .SelectMany(v => v.Value is Type value ? [v.ArgumentType, value] : new[] { v.ArgumentType })
            .Append(a.AttributeType));

    private static IEnumerable<Type> Method(MethodBase method)
    {
        var body = method.GetMethodBody();
        return Signature(method)
            .Concat(Attributes(method))
            .Concat(method is MethodInfo { IsGenericMethodDefinition: true } ? Constraints(method.GetGenericArguments()) : [])
            .Concat(body?.LocalVariables.Select(v => v.LocalType) ?? [])
            .Concat(body?.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause).Select(c => c.CatchType!) ?? [])
            .Concat(Tokens(body?.GetILAsByteArray() ?? []).SelectMany(t => Member(method, t)));
    }

    private static IEnumerable<Type> Signature(MethodBase method) =>
        method.GetParameters().Select(p => p.ParameterType).Concat(method is MethodInfo m ? [m.ReturnType] : []);

    private static IEnumerable<Type> Member(MethodBase method, int token)
    {
        var member = method.Module.ResolveMember(
            token,
            method.DeclaringType!.GetGenericArguments(),
            method.IsGenericMethod ? method.GetGenericArguments() : null);
        return member switch
        {
            Type type => [type],
            FieldInfo field => [field.DeclaringType!, field.FieldType],
            MethodBase called => Signature(called).Append(called.DeclaringType!).Concat(called.IsGenericMethod ? called.GetGenericArguments() : []),
            _ => [],
        };
    }

    /// <summary>The metadata tokens in a method's code.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var op = code[at] == TwoByteCodes ? Codes[(short)((TwoByteCodes << 8) | code[at + 1])] : Codes[code[at]];
            at += op.Size;
            if (op.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(code, at);
            }

            at += Operand(op, code, at);
        }
    }

    private static int Operand(OpCode op, byte[] code, int at) => op.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => SwitchEntry + (SwitchEntry * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    /// <summary>A type with what it is made of: elements and generic arguments.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        return type.IsGenericParameter ? [] : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }
}
