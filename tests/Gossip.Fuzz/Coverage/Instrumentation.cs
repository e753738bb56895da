using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Gossip.Fuzz.Coverage;

/// <summary>How does an assembly learn to count the blocks that it runs?</summary>
internal static class Instrumentation
{
    /// <summary>The assemblies whose decoders are fuzzed.</summary>
    public static readonly string[] Assemblies = ["Gossip.Actors.dll", "gossip.dll"];

    /// <summary>Writes a copy of the assembly in which every block says that it begins.</summary>
    /// <returns>How many blocks it has.</returns>
    public static int Rewrite(string from, string to)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(from);
        var hit = assembly.MainModule.ImportReference(
            typeof(Counters).GetMethod(nameof(Counters.Hit)));
        var random = new Random(assembly.Name.Name.Length);
        var blocks = 0;
        foreach (var method in assembly.MainModule.GetTypes().SelectMany(type => type.Methods))
        {
            if (method.HasBody)
            {
                blocks += Rewrite(method.Body, hit, random);
            }
        }

        assembly.Write(to);
        return blocks;
    }

    private static int Rewrite(MethodBody body, MethodReference hit, Random random)
    {
        body.SimplifyMacros();
        var code = body.GetILProcessor();
        var starts = BlockStarts(body);
        foreach (var start in starts)
        {
            // The start itself becomes the count, so that whoever jumps to it counts; what it was
            // comes after.
            var moved = code.Create(OpCodes.Nop);
            (moved.OpCode, moved.Operand) = (start.OpCode, start.Operand);
            (start.OpCode, start.Operand) = (OpCodes.Ldc_I4, random.Next(Counters.Edges));
            code.InsertAfter(start, moved);
            code.InsertAfter(start, code.Create(OpCodes.Call, hit));
        }

        body.OptimizeMacros();
        return starts.Count;
    }

    /// <summary>The first, what is jumped to, and what follows a jump.</summary>
    private static HashSet<Instruction> BlockStarts(MethodBody body)
    {
        var starts = new HashSet<Instruction> { body.Instructions[0] };
        foreach (var instruction in body.Instructions)
        {
            IEnumerable<Instruction> targets = instruction.Operand switch
            {
                Instruction target => [target],
                Instruction[] several => several,
                _ => [],
            };
            starts.UnionWith(targets);
            if (instruction.OpCode.FlowControl == FlowControl.Cond_Branch)
            {
                starts.Add(instruction.Next);
            }
        }

        return starts;
    }
}
