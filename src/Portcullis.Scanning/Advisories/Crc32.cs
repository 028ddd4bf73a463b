namespace Portcullis.Scanning.Advisories;

/// <summary>The checksum of zip archives (APPNOTE 4.4.7), eight bytes a step: the runtime reads archives without verifying it.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[][] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            sum ^= BitConverter.ToUInt32(bytes);
            sum = Tables[7][sum & 0xff] ^ Tables[6][(sum >> 8) & 0xff] ^ Tables[5][(sum >> 16) & 0xff] ^ Tables[4][sum >> 24]
                ^ Tables[3][bytes[4]] ^ Tables[2][bytes[5]] ^ Tables[1][bytes[6]] ^ Tables[0][bytes[7]];
        }

        foreach (var b in bytes)
        {
            sum = Tables[0][(sum ^ b) & 0xff] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var table = 0; table < tables.Length; table++)
        {
            tables[table] = new uint[256];
            for (var i = 0U; i < 256; i++)
            {
                tables[table][i] = table == 0 ? OfByte(i) : tables[0][tables[table - 1][i] & 0xff] ^ (tables[table - 1][i] >> 8);
            }
        }

        return tables;
    }

    private static uint OfByte(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
        }

        return value;
    }
}
