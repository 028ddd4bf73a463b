using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Cel;

/// <summary>JSON as CEL values and back (apiserver's cel/common/values: a declared format decides what a text is).</summary>
internal static class CelJson
{
    public static object? ToValue(JsonNode? node, CelType type)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonObject o:
                return new CelJsonMap(o, type);
            case JsonArray a:
                return new CelJsonList(a, type);
        }

        var value = node.AsValue();
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                return CelEquality.True;
            case JsonValueKind.False:
                return CelEquality.False;
            case JsonValueKind.String:
                return Text(value.GetValue<string>(), type);
            case JsonValueKind.Number:
                if (type.Kind != CelKind.Double && JsonNumber.TryInt64(value, out var whole))
                {
                    return whole;
                }

                _ = JsonNumber.TryDouble(value, out var number);
                return type.Kind == CelKind.Int && number == Math.Floor(number) && Math.Abs(number) < 9.2e18 ? (object)(long)number : number;
            default:
                return new CelFault("unsupported JSON value");
        }
    }

    /// <summary>The value as JSON; null with <paramref name="ok"/> false for what JSON has no form for.</summary>
    public static JsonNode? ToJson(object? value, out bool ok)
    {
        ok = true;
        switch (value)
        {
            case null:
                return null;
            case bool flag:
                return JsonValue.Create(flag);
            case long n:
                return JsonNumber.Create(n);
            case ulong n when n <= long.MaxValue:
                return JsonNumber.Create((long)n);
            case double n when double.IsFinite(n):
                return JsonNumber.Create(n);
            case string text:
                return JsonValue.Create(text);
            case byte[] bytes:
                return JsonValue.Create(Convert.ToBase64String(bytes));
            case CelTimestamp time:
                return JsonValue.Create(CelTime.Format(time));
            case CelDuration span:
                return JsonValue.Create(CelTime.Format(span));
            case CelJsonMap map:
                return map.Json.DeepClone();
            case CelList list:
                return List(list, out ok);
            case CelMap map:
                return Map(map, out ok);
            default:
                ok = false;
                return null;
        }
    }

    private static JsonArray List(CelList list, out bool ok)
    {
        ok = true;
        var array = new JsonArray();
        foreach (var item in list.Items)
        {
            array.Add(ToJson(item, out var fits));
            ok &= fits;
        }

        return array;
    }

    private static JsonObject Map(CelMap map, out bool ok)
    {
        ok = true;
        var members = new JsonObject();
        foreach (var key in map.Keys)
        {
            map.TryGet(key, out var value);
            members[CelText.Show(key)] = ToJson(value, out var fits);
            ok &= fits && key is string;
        }

        return members;
    }

    private static object Text(string text, CelType type)
    {
        switch (type.Kind)
        {
            case CelKind.Timestamp:
                return CelTime.ParseTimestamp(text) is { } time ? time : new CelFault("Invalid date-time");
            case CelKind.Duration:
                return CelTime.ParseDuration(text) is { } span ? span : new CelFault("Invalid duration");
            case CelKind.Bytes:
                var buffer = new byte[text.Length];
                return Convert.TryFromBase64String(text, buffer, out var length) ? buffer[..length] : new CelFault("Invalid base64");
            default:
                return text;
        }
    }
}
