namespace Portcullis.Schemas.Cel;

/// <summary>Equality and order of values: numbers of different types compare by value, lists of kind set or map without regard to order.</summary>
internal static class CelEquality
{
    public static readonly object True = true;
    public static readonly object False = false;

    public static object Box(bool value) => value ? True : False;

    public static bool AreEqual(object? x, object? y)
    {
        switch (x, y)
        {
            case (null, null):
                return true;
            case (null, _) or (_, null):
                return false;
            case (string a, string b):
                return a == b;
            case (long or ulong or double, long or ulong or double):
                return TryCompare(x, y, out var order) && order == 0;
            case (byte[] a, byte[] b):
                return a.AsSpan().SequenceEqual(b);
            case (CelList a, CelList b):
                return Lists(a, b);
            case (CelMap a, CelMap b):
                return a.Count == b.Count && a.Keys.All(k => b.TryGet(k, out var other) && a.TryGet(k, out var own) && AreEqual(own, other));
            case (CelOptional a, CelOptional b):
                return a.HasValue == b.HasValue && AreEqual(a.Value, b.Value);
            case (CelType a, CelType b):
                return a.ToString() == b.ToString();
            default:
                return x.Equals(y);
        }
    }

    /// <summary>False when the two have no order.</summary>
    public static bool TryCompare(object? x, object? y, out int order)
    {
        order = 0;
        switch (x, y)
        {
            case (long a, long b):
                order = a.CompareTo(b);
                return true;
            case (double a, double b):
                order = a.CompareTo(b);
                return !double.IsNaN(a) && !double.IsNaN(b);
            case (ulong a, ulong b):
                order = a.CompareTo(b);
                return true;
            case (long a, ulong b):
                order = a < 0 ? -1 : ((ulong)a).CompareTo(b);
                return true;
            case (ulong a, long b):
                order = b < 0 ? 1 : a.CompareTo((ulong)b);
                return true;
            case (double a, long or ulong):
                order = CompareDouble(a, y);
                return !double.IsNaN(a);
            case (long or ulong, double b):
                order = -CompareDouble(b, x);
                return !double.IsNaN(b);
            case (string a, string b):
                order = CelText.Compare(a, b);
                return true;
            case (bool a, bool b):
                order = a.CompareTo(b);
                return true;
            case (byte[] a, byte[] b):
                order = a.AsSpan().SequenceCompareTo(b);
                return true;
            case (CelTimestamp a, CelTimestamp b):
                order = a.CompareTo(b);
                return true;
            case (CelDuration a, CelDuration b):
                order = a.CompareTo(b);
                return true;
            default:
                return false;
        }
    }

    public static bool Contains(CelList list, object? value)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (AreEqual(list.At(i), value))
            {
                return true;
            }
        }

        return false;
    }

    private static int CompareDouble(double number, object? whole) => whole switch
    {
        long n => number >= 9.2233720368547758e18 ? 1 : number < -9.2233720368547758e18 ? -1 : Split((Int128)Math.Truncate(number), n, number),
        ulong n => number >= 1.8446744073709552e19 ? 1 : number < 0 ? -1 : Split((Int128)Math.Truncate(number), n, number),
        _ => 0,
    };

    private static int Split(Int128 truncated, Int128 whole, double number) =>
        truncated != whole ? truncated.CompareTo(whole) : (number - Math.Truncate(number)).CompareTo(0.0);

    private static bool Lists(CelList a, CelList b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        // The order of a list of type set or map has no meaning; the left one decides, as on the server.
        return a.Kind != CelListKind.Atomic
            ? a.Items.All(item => Contains(b, item))
            : Enumerable.Range(0, a.Count).All(i => AreEqual(a.At(i), b.At(i)));
    }
}
