import Diffusion
import SystemSupport

/// The first lines of every document, up to the version.
let xdmfBeginning = """
    <?xml version="1.0" encoding="utf-8"?>
    <!-- written by \(Diff2DCommand.commandName)
    """

/// Returns an XDMF 2 document that describes the states of a result as a temporal collection of uniform grids.
///
/// Each grid has three axes, the first with a single point, because ParaView's reader mixes up the axes of
/// two-dimensional grids.
func xdmfDocument(of result: String, _ problem: DiffusionProblem) -> String {
    let (n, states) = (problem.pointsPerAxis, problem.outputs)
    let (first, spacing) = (problem.coordinate(1), problem.coordinateSpacing)
    let file = result.fileName.escapedForXML
    let grids = problem.outputSteps.enumerated().map { state, step in
        """
              <Grid Name="density" GridType="Uniform">
                <Time Value="\(problem.time(afterStep: step))"/>
                <Topology TopologyType="3DCoRectMesh" Dimensions="1 \(n) \(n)"/>
                <Geometry GeometryType="ORIGIN_DXDYDZ">
                  <DataItem Format="XML" NumberType="Float" Precision="8" Dimensions="3">0 \(first) \(first)</DataItem>
                  <DataItem Format="XML" NumberType="Float" Precision="8" Dimensions="3">\
        \(spacing) \(spacing) \(spacing)</DataItem>
                </Geometry>
                <Attribute Name="density" AttributeType="Scalar" Center="Node">
                  <DataItem ItemType="HyperSlab" Dimensions="1 \(n) \(n)">
                    <DataItem Format="XML" NumberType="Int" Dimensions="3 3">\(state) 0 0  1 1 1  1 \(n) \(n)</DataItem>
                    <DataItem Format="HDF" NumberType="Float" Precision="8" Dimensions="\(states) \(n) \(n)">\
        \(file):/density</DataItem>
                  </DataItem>
                </Attribute>
              </Grid>

        """
    }
    return """
        \(xdmfBeginning) \(suiteVersion) -->
        <Xdmf Version="2.0">
          <Domain>
            <Grid Name="states" GridType="Collection" CollectionType="Temporal">
        \(grids.joined())    </Grid>
          </Domain>
        </Xdmf>

        """
}

extension String {
    fileprivate var escapedForXML: String {
        map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    }
}
