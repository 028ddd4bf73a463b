using System.Numerics;
using System.Security.Cryptography;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// The usual form of a key on one of the three curves (RFC 5480): the curve by its name, the point with both its coordinates. So the framework writes
/// these keys. It takes hundreds of microseconds to read one, which is only worth its time where something is to be verified.
/// </summary>
internal sealed class CurveKeyForm
{
    private static readonly CurveKeyForm[] All =
    [
        new(ECCurve.NamedCurves.nistP256, 32, "3059301306072A8648CE3D020106082A8648CE3D03010703420004"),
        new(ECCurve.NamedCurves.nistP384, 48, "3076301006072A8648CE3D020106052B8104002203620004"),
        new(ECCurve.NamedCurves.nistP521, 66, "30819B301006072A8648CE3D020106052B810400230381860004"),
    ];

    private readonly int _coordinate;
    private readonly byte[] _beginning;
    private readonly Lazy<(BigInteger P, BigInteger A, BigInteger B)> _numbers;

    private CurveKeyForm(ECCurve curve, int coordinate, string beginning)
    {
        (_coordinate, _beginning) = (coordinate, Convert.FromHexString(beginning));
        _numbers = new Lazy<(BigInteger P, BigInteger A, BigInteger B)>(() => NumbersOf(curve));
    }

    /// <summary>Whether a SubjectPublicKeyInfo has this form, on the curve or not.</summary>
    public static bool Is(ReadOnlySpan<byte> content) => Find(content) is not null;

    /// <summary>Whether it has this form, and its point is on the curve (SEC 1, section 3.2.2.1).</summary>
    public static bool IsOnCurve(ReadOnlySpan<byte> content)
    {
        if (Find(content) is not { } form)
        {
            return false;
        }

        var (p, a, b) = form._numbers.Value;
        var point = content[form._beginning.Length..];
        var (x, y) = (Number(point[..form._coordinate]), Number(point[form._coordinate..]));
        return x < p && y < p && (((x * x) + a) * x + b - (y * y)) % p == 0;
    }

    private static CurveKeyForm? Find(ReadOnlySpan<byte> content)
    {
        foreach (var form in All)
        {
            if (content.Length == form._beginning.Length + (2 * form._coordinate) && content.StartsWith(form._beginning))
            {
                return form;
            }
        }

        return null;
    }

    private static (BigInteger P, BigInteger A, BigInteger B) NumbersOf(ECCurve curve)
    {
        using var any = ECDsa.Create(curve);
        var numbers = any.ExportExplicitParameters(false).Curve;
        return (Number(numbers.Prime), Number(numbers.A), Number(numbers.B));
    }

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
